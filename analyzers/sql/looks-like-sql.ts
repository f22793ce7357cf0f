export function looksLikeSql(text: string): boolean {
  return /^\s*(?:\(\s*)*(?:select\s+\S[\s\S]*?\bfrom\b|insert\s+(?:ignore\s+)?into\s|replace\s+into\s|update\s+\S+[\s\S]*?\bset\s|delete\s+[\s\S]*?from\s|with\s+[\s\S]*?\bas\s*\(|truncate\s|merge\s+into\s|(?:create|alter|drop)\s+(?:\w+\s+){0,3}(?:table|view|index|function|procedure|trigger)\s|call\s+\w+\s*\(|explain\s|lock\s+table|copy\s|refresh\s+mat|begin\b|commit\b|rollback\b|select\s)/i.test(
    text.replace(/^(?:\s*--[^\n]*\n|\s*\/\*[\s\S]*?\*\/)*/, ''),
  )
}
