import { SIZES } from './board.js'

/** Places squares in lines that fill a box of a width, from a top on; and the height that they take. */
export function squaresIn(
  count: number,
  width: number,
  top: number,
): { squares: { x: number; y: number }[]; height: number } {
  const { padding, square, squareGap } = SIZES
  const step = square + squareGap
  const perLine = Math.floor((width - 2 * padding + squareGap) / step)
  const squares = Array.from({ length: count }, (_, index) => ({
    x: padding + (index % perLine) * step,
    y: top + Math.floor(index / perLine) * step,
  }))
  const lines = Math.ceil(count / perLine)
  return { squares, height: lines > 0 ? lines * step - squareGap : 0 }
}
