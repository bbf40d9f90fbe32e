/**
 * The user that confined Vims run as, where it is not the one of this program: the processes of root are not limited as
 * others are, so root starts them as "nobody".
 */
export const confinedUser: number | undefined = process.getuid?.() === 0 ? 65_534 : undefined
