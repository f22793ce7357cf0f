/** Methods that change the list that they are called on. */
export const CHANGES = /^(?:push|pop|shift|unshift|splice|sort|reverse|fill)$/
