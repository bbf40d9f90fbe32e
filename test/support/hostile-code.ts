/** Native code for attempts that run some: each function tries a kind of attack and returns the calls that worked. */
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/**
 * Bodies of functions in C, by the name of the attack. `TRY(call)` counts a call that did not fail. Process 1 is the fork
 * server, as an attempt sees it.
 */
const bodies = {
  signals: `
    for (int round = 0; round < 200; round++)
      for (int number = 1; number < 65; number++) TRY(syscall(SYS_kill, 1, number));
    for (int number = 1; number < 65; number++) {
      siginfo_t info; memset(&info, 0, sizeof info); info.si_code = -1; info.si_pid = getpid();
      TRY(syscall(SYS_tkill, 1, number)); TRY(syscall(SYS_tgkill, 1, 1, number));
      TRY(syscall(SYS_rt_sigqueueinfo, 1, number, &info)); TRY(syscall(SYS_rt_tgsigqueueinfo, 1, 1, number, &info));
    }
    TRY(syscall(SYS_kill, -1, SIGTERM)); TRY(syscall(SYS_kill, -1L & 0xffffffff, SIGTERM));
    TRY(syscall(SYS_kill, 0x100000001L, SIGTERM));
    int handle = syscall(SYS_pidfd_open, 1, 0); TRY(handle);
    TRY(syscall(SYS_pidfd_send_signal, handle, SIGKILL, 0, 0));`,
  signalsByDescriptor: `
    for (int fd = 0; fd < 10; fd++) {
      TRY(fcntl(fd, F_SETOWN, 1)); TRY(fcntl(fd, F_SETSIG, SIGTERM)); TRY(fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK));
      int one = 1; TRY(ioctl(fd, FIONBIO, &one)); TRY(ioctl(fd, FIOASYNC, &one)); TRY(ioctl(fd, FIOSETOWN, &one));
      struct f_owner_ex owner = { F_OWNER_PID, 1 }; TRY(fcntl(fd, F_SETOWN_EX, &owner));
    }
    int copy = dup(0); TRY(fcntl(copy, F_SETFL, O_NONBLOCK));`,
  limits: `
    for (int which = 0; which < 16; which++) {
      struct rlimit none = { 0, 0 };
      TRY(syscall(SYS_prlimit64, 1, which, &none, 0)); TRY(syscall(SYS_prlimit64, 0x100000001L, which, &none, 0));
      TRY(syscall(SYS_prlimit64, getppid(), which, &none, 0));
    }`,
  priorities: `
    struct sched_param plain = { 0 }; unsigned long mask = 1;
    for (int which = 0; which < 3; which++) for (int who = 0; who < 2; who++) TRY(setpriority(which, who, 19));
    TRY(sched_setscheduler(1, 5, &plain)); TRY(sched_setparam(1, &plain));
    TRY(syscall(SYS_sched_setaffinity, 1, sizeof mask, &mask)); TRY(syscall(SYS_ioprio_set, 1, 1, 3 << 13));
    char attributes[64] = { 48 }; TRY(syscall(SYS_sched_setattr, 1, attributes, 0));
    TRY(prctl(62, 2, 1, 0, 0));`,
  memoryOfTheServer: `
    char byte = 0; struct iovec own = { &byte, 1 }, other = { (void *)0x400000, 1 };
    TRY(ptrace(PTRACE_ATTACH, 1, 0, 0)); TRY(ptrace(PTRACE_SEIZE, 1, 0, 0));
    TRY(syscall(SYS_process_vm_readv, 1, &own, 1, &other, 1, 0));
    TRY(syscall(SYS_process_vm_writev, 1, &own, 1, &other, 1, 0));
    TRY(open("/proc/1/mem", O_RDWR)); TRY(open("/proc/self/mem", O_RDWR)); TRY(mkdir("/w/p", 0700) - 1);
    TRY(mount("proc", "/w/p", "proc", 0, 0)); TRY(syscall(SYS_kcmp, 1, getpid(), 0, 0, 0));
    TRY(syscall(SYS_move_pages, 1, 0L, 0, 0, 0, 0));`,
  sharedInput: `
    char byte; int many = 1 << 20;
    for (int fd = 0; fd < 10; fd++) {
      struct timeval brief = { 0, 1 };
      TRY(shutdown(fd, SHUT_RDWR)); TRY(shutdown(fd, SHUT_RD)); TRY(shutdown(fd, SHUT_WR));
      TRY(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &brief, sizeof brief));
      TRY(setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &many, sizeof many));
      TRY(ioctl(fd, TIOCSTI, "x")); TRY(ioctl(fd, TCXONC, TCOOFF)); TRY(ioctl(fd, TIOCEXCL)); TRY(ioctl(fd, TIOCSCTTY, 1));
      TRY(fcntl(fd, F_SETPIPE_SZ, 4096));
    }
    for (int fd = 0; fd < 3; fd++) for (int times = 0; times < 100; times++) (void)!send(fd, "owned\\n", 6, MSG_DONTWAIT);
    (void)!recv(0, &byte, 1, MSG_DONTWAIT);`,
  processes: `
    for (int times = 0; times < 50; times++) {
      pid_t child = fork(); TRY(child); if (child == 0) { setsid(); for (;;) pause(); }
      child = syscall(SYS_clone, 0x8000 | SIGCHLD, 0, 0, 0, 0); TRY(child); if (child == 0) for (;;) pause();
      child = vfork(); TRY(child); if (child == 0) _exit(0);
    }
    TRY(unshare(CLONE_NEWUSER)); TRY(unshare(CLONE_NEWPID)); TRY(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
    char arguments[88] = { 0 }; TRY(syscall(SYS_clone3, arguments, sizeof arguments));`,
  code: `
    TRYP(mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    TRYP(mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    TRYP(mmap(0, 4096, PROT_EXEC, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    char *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    TRY(mprotect(page, 4096, PROT_READ | PROT_EXEC)); TRY(mprotect(page, 4096, PROT_EXEC));
    TRY(syscall(SYS_pkey_mprotect, page, 4096, PROT_EXEC, -1)); TRY(personality(READ_IMPLIES_EXEC));
    const char *folders[] = { "/w/code", "/r/code" };
    for (int at = 0; at < 2; at++) {
      int file = open(folders[at], O_RDWR | O_CREAT, 0700); (void)!ftruncate(file, 4096);
      TRYP(mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0));
      TRYP(mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0));
      char *none[] = { 0 }; TRY(execve(folders[at], none, none)); TRY(syscall(SYS_execveat, file, "", none, none, AT_EMPTY_PATH));
      close(file); unlink(folders[at]);
    }
    TRY(syscall(SYS_memfd_create, "x", 0)); TRY(syscall(SYS_memfd_secret, 0)); TRY(syscall(SYS_userfaultfd, 0));`,
  memory: `
    for (int times = 0; times < 64; times++) {
      int file = syscall(SYS_memfd_create, "x", 0);
      if (file >= 0) { TRY(ftruncate(file, 1L << 28)); TRY(syscall(SYS_fallocate, file, 0, 0L, 1L << 28)); }
      TRY(syscall(SYS_shmget, 0, 1L << 28, 01600));
    }
    long mapped = 0;
    while (mapped < 64 && mmap(0, 1L << 26, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) mapped++;
    worked += mapped >= 8;
    int sockets[2]; int pairs = 0; while (pairs < 1000 && socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0) pairs++;
    worked += pairs > 64;
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1 };
    int file = open("/w/locks", O_RDWR | O_CREAT, 0600); TRY(fcntl(file, F_SETLK, &lock)); TRY(fcntl(file, F_OFD_SETLK, &lock));`,
  files: `
    int made = 0; char name[32];
    for (int at = 0; at < 100000; at++) { sprintf(name, "/w/f%d", at); int file = open(name, O_CREAT | O_RDWR, 0600); if (file < 0) break; close(file); made++; }
    worked += made > 2000;
    TRY(setxattr("/w", "user.x", "x", 1, 0)); TRY(setxattr("/w", "system.posix_acl_default", "\\2\\0\\0\\0", 4, 0));
    TRY(open("/etc/passwd", O_RDONLY)); TRY(open("/io/server.vim", O_RDWR)); TRY(open("/io/new", O_CREAT | O_RDWR, 0600));
    TRY(open("/dev/null", O_RDWR)); TRY(mkdir("/x", 0700)); TRY(chroot("/w")); TRY(umount("/w")); TRY(mknod("/w/null", 0600 | S_IFCHR, 259));`,
  sentDescriptors: `
    char byte = 0, room[CMSG_SPACE(sizeof(int))]; int pair[2]; (void)!socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    int file = open("/r/kept", O_RDWR | O_CREAT, 0600); unlink("/r/kept"); (void)!fallocate(file, 0, 0, 1 << 20);
    int through[] = { 0, 2, pair[0] };
    for (int at = 0; at < 3; at++) {
      struct iovec part = { &byte, 1 };
      struct mmsghdr many = { .msg_hdr = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room } };
      struct cmsghdr *head = CMSG_FIRSTHDR(&many.msg_hdr);
      head->cmsg_level = SOL_SOCKET; head->cmsg_type = SCM_RIGHTS; head->cmsg_len = CMSG_LEN(sizeof(int));
      memcpy(CMSG_DATA(head), &file, sizeof file);
      TRY(sendmsg(through[at], &many.msg_hdr, MSG_DONTWAIT)); TRY(sendmmsg(through[at], &many, 1, MSG_DONTWAIT));
    }`,
  makersOfSockets: `
    char told[64]; int options[] = { SO_PEERCRED, SO_PEERSEC, 59, 77 };
    for (int at = 0; at < 4; at++) for (int fd = 0; fd < 3; fd++) {
      socklen_t size = sizeof told; TRY(getsockopt(fd, SOL_SOCKET, options[at], told, &size));
    }`,
  pagesInPipes: `
    int ends[2], more[2]; (void)!pipe(ends); (void)!pipe(more);
    char *page = mmap(0, 1 << 22, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); *page = 1;
    struct iovec part = { page, 1 }; TRY(vmsplice(ends[1], &part, 1, SPLICE_F_NONBLOCK));
    int file = open("/w/text", O_RDONLY); (void)!write(ends[1], "x", 1);
    TRY(tee(ends[0], more[1], 1, SPLICE_F_NONBLOCK)); TRY(splice(ends[0], 0, more[1], 0, 1, SPLICE_F_NONBLOCK));
    TRY(sendfile(0, file, 0, 1)); TRY(sendfile(more[1], file, 0, 1));`,
  countedForTheUser: `
    TRY(syscall(SYS_inotify_init1, 0)); TRY(syscall(SYS_fanotify_init, 0, 0)); TRY(flock(open("/w", O_RDONLY), LOCK_EX));
    struct sock_filter all = { 6, 0, 0, 0x7fff0000 }; struct sock_fprog program = { 1, &all };
    TRY(syscall(SYS_seccomp, 1, 8, &program));`,
  newCalls: `
    for (int number = 424; number < 1200; number++) {
      if (number == 436 || number == 437 || number == 439 || number == 452) continue;
      errno = 0; long result = syscall(number, 0, 0, 0, 0, 0, 0);
      if (result >= 0 || errno != ENOSYS) TRY(number);
    }`,
  network: `
    int families[] = { AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_VSOCK };
    for (int at = 0; at < 5; at++) { TRY(socket(families[at], SOCK_STREAM, 0)); TRY(socket(families[at], SOCK_RAW, 0)); }
    struct sockaddr_un server = { AF_UNIX, "/io/socket" };
    TRY(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&server, sizeof server));`,
  kernel: `
    TRY(syscall(SYS_bpf, 0, 0, 0)); TRY(syscall(SYS_io_uring_setup, 1, 0)); TRY(syscall(SYS_keyctl, 0, -3, 1));
    TRY(syscall(SYS_add_key, "user", "x", "x", 1, -4)); TRY(syscall(SYS_perf_event_open, 0, 0, -1, -1, 0));
    TRY(syscall(SYS_init_module, 0, 0, "")); TRY(reboot(0)); TRY(syscall(SYS_quotactl, 0, 0, 0, 0)); TRY(acct(0));
    TRY(swapoff("/x")); TRY(sethostname("x", 1)); TRY(syscall(SYS_syslog, 3, 0, 0)); TRY(syscall(SYS_io_setup, 1, 0));`
} as const

/** The attacks, by the name of their function. */
export const codeAttacks = Object.keys(bodies)

const source = `#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <termios.h>
#include <sys/acct.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <asm/ioctls.h>
#include <linux/filter.h>
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif
#ifndef FIOSETOWN
#define FIOSETOWN 0x8901
#endif
#define TRY(call) (worked += (long)(call) >= 0 ? note(#call) : 0)
#define TRYP(call) (worked += (void *)(call) != MAP_FAILED ? note(#call) : 0)
static char notes[400];
static int note(const char *call) { if (strlen(notes) + strlen(call) < 390) { strcat(notes, call); strcat(notes, "; "); } return 1; }
${
  Object.entries(bodies).map(([name, body]) =>
    `const char *${name}(int unused) { long worked = 0; ${body}\n return worked > 0 && !*notes ? "it" : notes; }`
  )
    .join("\n")
}
`

/** Returns the bytes of a library as small as one can be, whose function "seven" returns 7. */
export const compileSeven = (folder: string): Buffer => {
  const [code, library] = [join(folder, "seven.c"), join(folder, "seven.so")]
  writeFileSync(code, "int seven(int unused) { return 7; }\n")
  const small = ["-nostdlib", "-s", "-Wl,--build-id=none", "-Wl,-z,noseparate-code", "-Wl,--hash-style=sysv"]
  execFileSync("cc", ["-shared", "-fPIC", "-Os", ...small, "-o", library, code])
  return readFileSync(library)
}

/** Compiles them into a library in the folder; returns its path. */
export const compileAttacks = (folder: string): string => {
  const library = join(folder, "attacks.so")
  writeFileSync(join(folder, "attacks.c"), source)
  execFileSync("cc", ["-shared", "-fPIC", "-O1", "-w", "-o", library, join(folder, "attacks.c")])
  return library
}
