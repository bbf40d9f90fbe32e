/** Where the user's own files lie. */
import { homedir, userInfo } from "node:os"
import { isAbsolute } from "node:path"

/**
 * Returns the user's home, always as an absolute path: what HOME names or, where that is empty or relative, what the system
 * knows. A user whom the system does not know has none.
 */
export const homeOfUser = (): string | undefined => {
  for (const ask of [homedir, () => userInfo().homedir]) {
    try {
      const home = ask()
      if (isAbsolute(home)) return home
    } catch {
      // The system does not know the user.
    }
  }
  return undefined
}
