/** Characters of a password at the least; the node refuses shorter ones. */
export const passwordLengthMin = 10;
