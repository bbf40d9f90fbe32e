/**
 * A filter of system calls in classic BPF, as Linux wants it (seccomp(2), linux/filter.h, linux/seccomp.h). It refuses
 * what no edit of a text needs and what could reach another process, outlive its own, or widen the surface of the
 * kernel. Setting one of Vim's timers succeeds and does nothing: each would cost a thread, and the sandbox keeps time
 * from outside.
 */

/** Numbers by architecture: x86-64 first, then arm64; null where there is no such call. */
type Numbers = readonly [x64: number | null, arm64: number | null]

const refused: Readonly<Record<string, Numbers>> = {
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  kcmp: [312, 272],
  pidfd_open: [434, 434],
  pidfd_getfd: [438, 438],
  pidfd_send_signal: [424, 424],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  shmget: [29, 194],
  shmat: [30, 196],
  shmctl: [31, 195],
  semget: [64, 190],
  semop: [65, 193],
  semtimedop: [220, 192],
  semctl: [66, 191],
  msgget: [68, 186],
  msgsnd: [69, 189],
  msgrcv: [70, 188],
  msgctl: [71, 187],
  mq_open: [240, 180],
  mq_unlink: [241, 181],
  userfaultfd: [323, 282],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  unshare: [272, 97],
  setns: [308, 268],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  kexec_load: [246, 104],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  personality: [135, 92],
  syslog: [103, 116],
  quotactl: [179, 60],
  acct: [163, 89],
  swapon: [167, 224],
  swapoff: [168, 225],
  reboot: [169, 142]
}

const answeredWithSuccess: Readonly<Record<string, Numbers>> = {
  timer_create: [222, 107],
  timer_settime: [223, 110]
}

/** A call whose first or second argument decides, by its lower 32 bits. */
const socketCall: Numbers = [41, 198]
const ioctlCall: Numbers = [16, 29]
const cloneCall: Numbers = [56, 220]
const clone3Call: Numbers = [435, 435]

const unixFamily = 1
/** TIOCSTI types into a terminal, TIOCLINUX reaches its console. */
const refusedTerminalRequests = [0x5412, 0x541c]
/** CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const newNamespaces = 0x7e02_0080

const auditArchitecture = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const

const answer = { allow: 0x7fff_0000, kill: 0x8000_0000, errno: 0x0005_0000 } as const
const EPERM = 1
const ENOSYS = 38

const load = 0x20
const jumpIfEqual = 0x15
const jumpIfAbove = 0x35
const jumpIfSet = 0x45
const giveBack = 0x06

const offsetOf = { number: 0, architecture: 4, firstArgument: 16, secondArgument: 24 } as const

/** Returns the filter for an architecture as Node names it, or undefined for one that has no table here. */
export const systemCallFilter = (architecture: string): Uint8Array | undefined => {
  if (architecture !== "x64" && architecture !== "arm64") return undefined
  const column = architecture === "x64" ? 0 : 1
  const program: Array<readonly [code: number, ifTrue: number, ifFalse: number, value: number]> = []
  const answerTo = (number: number | null, value: number) => {
    if (number === null) return
    program.push([jumpIfEqual, 0, 1, number], [giveBack, 0, 0, value])
  }

  program.push([load, 0, 0, offsetOf.architecture])
  program.push([jumpIfEqual, 1, 0, auditArchitecture[architecture]], [giveBack, 0, 0, answer.kill])
  program.push([load, 0, 0, offsetOf.number])
  // Numbers from here up are x86-64's second table of calls, which no table above covers.
  program.push([jumpIfAbove, 0, 1, 0x4000_0000], [giveBack, 0, 0, answer.errno | ENOSYS])
  for (const numbers of Object.values(answeredWithSuccess)) answerTo(numbers[column], answer.errno)
  for (const numbers of Object.values(refused)) answerTo(numbers[column], answer.errno | EPERM)
  // Its flags lie in memory, where a filter cannot look; libraries fall back to clone.
  answerTo(clone3Call[column], answer.errno | ENOSYS)

  const socket = socketCall[column] ?? 0
  program.push([jumpIfEqual, 0, 3, socket], [load, 0, 0, offsetOf.firstArgument])
  program.push([jumpIfEqual, 1, 0, unixFamily], [giveBack, 0, 0, answer.errno | EPERM])
  program.push([load, 0, 0, offsetOf.number])

  const ioctl = ioctlCall[column] ?? 0
  program.push([jumpIfEqual, 0, 1 + 2 * refusedTerminalRequests.length, ioctl])
  program.push([load, 0, 0, offsetOf.secondArgument])
  for (const request of refusedTerminalRequests) answerTo(request, answer.errno | EPERM)
  program.push([load, 0, 0, offsetOf.number])

  const clone = cloneCall[column] ?? 0
  program.push([jumpIfEqual, 0, 3, clone], [load, 0, 0, offsetOf.firstArgument])
  program.push([jumpIfSet, 0, 1, newNamespaces], [giveBack, 0, 0, answer.errno | EPERM])
  program.push([giveBack, 0, 0, answer.allow])

  const bytes = new DataView(new ArrayBuffer(program.length * 8))
  for (const [index, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.setUint16(index * 8, code, true)
    bytes.setUint8(index * 8 + 2, ifTrue)
    bytes.setUint8(index * 8 + 3, ifFalse)
    bytes.setUint32(index * 8 + 4, value, true)
  }
  return new Uint8Array(bytes.buffer)
}
