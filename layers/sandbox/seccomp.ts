/**
 * A filter of system calls in classic BPF, as Linux wants it (seccomp(2), linux/filter.h, linux/seccomp.h). It refuses
 * what no edit of a text needs and what could reach another process, change what it shares with one, outlive its own,
 * use memory that no limit counts, make code of data, or widen the surface of the kernel. A descriptor that is sent into
 * the socket that the server reads from would live as long as the server, and with it the space of a deleted file; so
 * nothing sends any. Of the calls that Linux has had since 5.1, those that nobody needs yet are not there, as in an older
 * Linux. Setting one of Vim's timers succeeds and does nothing: each would cost a thread, and the sandbox keeps time from
 * outside.
 */

/** Numbers by architecture: x86-64 first, then arm64; null where there is no such call. */
type Numbers = readonly [x64: number | null, arm64: number | null]

const refused: Readonly<Record<string, Numbers>> = {
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
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
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  unshare: [272, 97],
  setns: [308, 268],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  kexec_load: [246, 104],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  personality: [135, 92],
  syslog: [103, 116],
  rt_sigqueueinfo: [129, 138],
  rt_tgsigqueueinfo: [297, 240],
  setpriority: [141, 140],
  ioprio_set: [251, 30],
  sched_setaffinity: [203, 122],
  sched_setscheduler: [144, 119],
  sched_setparam: [142, 118],
  sched_setattr: [314, 274],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
  memfd_create: [319, 279],
  remap_file_pages: [216, 234],
  io_setup: [206, 0],
  io_submit: [209, 2],
  sendmsg: [46, 211],
  sendmmsg: [307, 269],
  vmsplice: [278, 75],
  splice: [275, 76],
  tee: [276, 77],
  sendfile: [40, 71],
  inotify_init: [253, null],
  inotify_init1: [294, 26],
  inotify_add_watch: [254, 27],
  fanotify_init: [300, 262],
  fanotify_mark: [301, 263],
  modify_ldt: [154, null],
  seccomp: [317, 277],
  flock: [73, 32],
  shutdown: [48, 210],
  setsockopt: [54, 208],
  sync: [162, 81],
  syncfs: [306, 267],
  setxattr: [188, 5],
  lsetxattr: [189, 6],
  fsetxattr: [190, 7],
  removexattr: [197, 14],
  lremovexattr: [198, 15],
  fremovexattr: [199, 16],
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

/** A call that is refused by what the lower 32 bits of one argument are. */
interface Rule {
  readonly call: Numbers
  /** Counts from 0. */
  readonly argument: number
  /** Refused: any of these values, any but this value, or any value with one of these bits. */
  readonly refuse: { readonly values: ReadonlyArray<number> } | { readonly allBut: number } | { readonly bits: number }
}

/** The server, as its own namespace counts. */
const firstProcess = 1
const unixFamily = 1
const negative = 0x8000_0000
const PROT_WRITE = 2
const PROT_EXEC = 4
const MAP_ANONYMOUS = 0x20

const rules: ReadonlyArray<Rule> = [
  { call: [41, 198], argument: 0, refuse: { allBut: unixFamily } }, // socket
  { call: [53, 199], argument: 0, refuse: { allBut: unixFamily } }, // socketpair
  { call: [62, 129], argument: 0, refuse: { values: [firstProcess] } }, // kill
  { call: [62, 129], argument: 0, refuse: { bits: negative } },
  { call: [200, 130], argument: 0, refuse: { values: [firstProcess] } }, // tkill
  { call: [234, 131], argument: 0, refuse: { values: [firstProcess] } }, // tgkill
  { call: [302, 261], argument: 0, refuse: { allBut: 0 } }, // prlimit64: its own limits only
  { call: [157, 167], argument: 0, refuse: { values: [62] } }, // prctl: PR_SCHED_CORE
  // getsockopt: SO_PEERCRED, SO_PEERSEC, SO_PEERGROUPS, SO_PEERPIDFD tell of, or are, the process that made the socket.
  { call: [55, 209], argument: 2, refuse: { values: [17, 31, 59, 77] } },
  {
    call: [16, 29], // ioctl
    argument: 1,
    // What changes a terminal or a descriptor that others have too: TIOCEXCL, TIOCSCTTY, TIOCSTI, TIOCLINUX, TIOCSETD,
    // TCXONC, FIONBIO, FIOASYNC, FIOSETOWN, SIOCSPGRP; and the flags of a folder: FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR.
    // dprint-ignore
    refuse: {
      values: [
        0x540c, 0x540e, 0x5412, 0x541c, 0x5423, 0x540a, 0x5421, 0x5452, 0x8901, 0x8902, 0x4008_6602, 0x401c_5820
      ]
    }
  },
  {
    call: [72, 25], // fcntl
    argument: 1,
    // F_SETFL, F_SETLK, F_SETLKW, F_SETOWN, F_SETSIG, F_SETOWN_EX, F_OFD_SETLK, F_OFD_SETLKW, F_SETLEASE, F_NOTIFY,
    // F_SETPIPE_SZ: the flags and owners of descriptors are shared with the server, and locks are counted nowhere.
    refuse: { values: [4, 6, 7, 8, 10, 15, 37, 38, 1024, 1026, 1031] }
  },
  { call: [10, 226], argument: 2, refuse: { bits: PROT_EXEC } }, // mprotect
  { call: [329, 288], argument: 2, refuse: { bits: PROT_EXEC } }, // pkey_mprotect
  // clone: CLONE_PARENT, CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
  { call: [56, 220], argument: 0, refuse: { bits: 0x7e02_8080 } }
]

const mmapCall: Numbers = [9, 222]

/**
 * The first of the calls that have one number on all architectures, and those of them that the C library uses; clone3 is
 * none, because its flags lie in memory, where a filter cannot look. Libraries fall back to the calls before it.
 */
const firstNewCall = 424
const neededNewCalls = { close_range: 436, openat2: 437, faccessat2: 439, fchmodat2: 452 }

const auditArchitecture = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const

const answer = { allow: 0x7fff_0000, kill: 0x8000_0000, errno: 0x0005_0000 } as const
const EPERM = 1
const ENOSYS = 38
const refusal = answer.errno | EPERM

const load = 0x20
const jumpIfEqual = 0x15
const jumpIfAbove = 0x35
const jumpIfSet = 0x45
const giveBack = 0x06

const offsetOf = { number: 0, architecture: 4, argument: (index: number) => 16 + 8 * index } as const

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
  // This is also where x86-64's second table of calls is, which no table above covers.
  for (const number of Object.values(neededNewCalls)) answerTo(number, answer.allow)
  program.push([jumpIfAbove, 0, 1, firstNewCall], [giveBack, 0, 0, answer.errno | ENOSYS])
  for (const numbers of Object.values(answeredWithSuccess)) answerTo(numbers[column], answer.errno)
  for (const numbers of Object.values(refused)) answerTo(numbers[column], refusal)

  for (const { argument, call, refuse } of rules) {
    const tests: ReadonlyArray<readonly [code: number, value: number]> = "values" in refuse
      ? refuse.values.map((value) => [jumpIfEqual, value] as const)
      : "allBut" in refuse
      ? [[jumpIfEqual, refuse.allBut]]
      : [[jumpIfSet, refuse.bits]]
    const [ifTrue, ifFalse] = "allBut" in refuse ? [1, 0] : [0, 1]
    program.push([jumpIfEqual, 0, 2 + 2 * tests.length, call[column] ?? 0])
    program.push([load, 0, 0, offsetOf.argument(argument)])
    for (const [code, value] of tests) program.push([code, ifTrue, ifFalse, value], [giveBack, 0, 0, refusal])
    program.push([load, 0, 0, offsetOf.number])
  }

  // Memory that runs comes from a file and cannot be written to; where a file can be written, nothing of it runs.
  program.push([jumpIfEqual, 0, 7, mmapCall[column] ?? 0])
  program.push([load, 0, 0, offsetOf.argument(2)], [jumpIfSet, 0, 4, PROT_EXEC])
  program.push([jumpIfSet, 2, 0, PROT_WRITE])
  program.push([load, 0, 0, offsetOf.argument(3)], [jumpIfSet, 0, 1, MAP_ANONYMOUS], [giveBack, 0, 0, refusal])
  program.push([load, 0, 0, offsetOf.number])

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
