/** The script and the style of the page, as text to be put into it, and the files that went into the script. */
export function bundlePage(): Promise<{ script: string; style: string; modules: string[] }>
