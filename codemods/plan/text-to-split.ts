/** The text of a statement that is to be taken apart. */
import type { OnlyText } from '../../analyzers/link/statements.js'
import type { Access } from '../../analyzers/model.js'
import { refuseSessionState } from '../describe/session.js'
import type { Repository } from '../repository/index.js'
import { Refusal } from '../site/refusal.js'
import { SPLIT_ADVICE } from '../split/split.js'
import type { RewriteDialect } from '../wire.js'

/**
 * It is judged before the code around it: it is at hand, and most are refused by it, while the code has to be parsed.
 *
 * @param unknown the reason where it is not one text, or not known
 * @throws Refusal with that, or where what it gives depends on the session
 */
export function textToSplit(
  access: Access,
  dialect: RewriteDialect,
  repository: Repository,
  unknown: string,
): OnlyText {
  const onlyText = onlyTextOf(access, repository)
  if (!onlyText) throw new Refusal(unknown, SPLIT_ADVICE)
  refuseSessionState(onlyText.text, dialect)
  return onlyText
}

/** Null where there are several, or its list has as many placeholders as values come. */
export function onlyTextOf(access: Access, repository: Repository): OnlyText | null {
  const onlyText = repository.sites.get(access.id)?.onlyText
  return onlyText && onlyText.repeats.length === 0 ? onlyText : null
}
