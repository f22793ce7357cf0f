/** Character that stands for a hole in masked text; only at the offsets that the text's `holes` know. */
export const HOLE_CHARACTER = '\uE000'
