// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Forks, execs and exits of processes, and who listens, for lineage. Threads are left out. */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "aswarm_events.h"

#define AF_INET 2
#define AF_INET6 10
/* include/uapi/linux/stat.h */
#define S_IFMT 00170000
#define S_IFSOCK 0140000
/* include/net/tcp_states.h */
#define TCP_LISTEN 10

char program_license[] SEC("license") = "Dual BSD/GPL";

/* Never loaded: names these types to the BTF, where LayoutTest looks for them. */
struct {
	struct process_event event;
	enum process_kind process_kind;
	enum process_flag process_flag;
} process_layout SEC("layout");

/* The few fields that are read; the loader finds where they are in the running kernel (CO-RE). */
struct cred {
	struct {
		__u32 val;
	} uid;
} __attribute__((preserve_access_index));

struct ns_common {
	unsigned int inum;
} __attribute__((preserve_access_index));

struct net {
	struct ns_common ns;
} __attribute__((preserve_access_index));

struct nsproxy {
	struct net *net_ns;
} __attribute__((preserve_access_index));

struct pid_namespace {
	struct ns_common ns;
} __attribute__((preserve_access_index));

struct upid {
	struct pid_namespace *ns;
} __attribute__((preserve_access_index));

struct pid {
	unsigned int level;
	struct upid numbers[1];
} __attribute__((preserve_access_index));

struct super_block {
	unsigned int s_dev;
} __attribute__((preserve_access_index));

struct inode {
	unsigned short i_mode;
	unsigned long i_ino;
	struct super_block *i_sb;
} __attribute__((preserve_access_index));

struct file {
	struct inode *f_inode;
	void *private_data;
} __attribute__((preserve_access_index));

struct fdtable {
	struct file **fd;
} __attribute__((preserve_access_index));

struct files_struct {
	struct fdtable *fdt;
} __attribute__((preserve_access_index));

struct sock_common {
	unsigned short skc_family;
} __attribute__((preserve_access_index));

struct sock {
	struct sock_common __sk_common;
} __attribute__((preserve_access_index));

struct socket {
	struct sock *sk;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid;
	int tgid;
	int exit_code;
	__u64 start_time;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	const struct cred *cred;
	struct nsproxy *nsproxy;
	struct files_struct *files;
	struct pid *thread_pid;
	char comm[COMM_LENGTH];
} __attribute__((preserve_access_index));

struct linux_binprm {
	const char *filename;
	struct file *file;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct process_account);
} process_accounts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4194304);
} process_events SEC(".maps");

/* The namespace in which the process was born: that of its innermost number (kernel/pid.c, task_active_pid_ns()). */
static __always_inline __u32 process_namespace(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	void *number = (void *)pid + bpf_core_field_offset(struct pid, numbers) +
		       BPF_CORE_READ(pid, level) * bpf_core_type_size(struct upid);
	struct pid_namespace *space = NULL;

	bpf_probe_read_kernel(&space, sizeof(space), number + bpf_core_field_offset(struct upid, ns));
	return BPF_CORE_READ(space, ns.inum);
}

/* Whether the network is what the program will read: its input is a socket's file (net/socket.c, sock_alloc_file()). */
static __always_inline int input_is_connected(struct task_struct *task)
{
	struct file **descriptors = BPF_CORE_READ(task, files, fdt, fd);
	struct file *input = NULL;
	struct socket *socket;
	__u16 family;

	bpf_probe_read_kernel(&input, sizeof(input), descriptors);
	if ((BPF_CORE_READ(input, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return 0;
	socket = BPF_CORE_READ(input, private_data);
	family = BPF_CORE_READ(socket, sk, __sk_common.skc_family);
	return family == AF_INET || family == AF_INET6;
}

static __always_inline void fill_program(struct process_event *event, struct linux_binprm *program)
{
	long length = bpf_probe_read_kernel_str(event->filename, sizeof(event->filename),
						BPF_CORE_READ(program, filename));

	event->filename_length = length > 0 ? length - 1 : 0;
	event->flags = length == sizeof(event->filename) ? PROCESS_FILENAME_CUT : 0;
	event->executable_inode = BPF_CORE_READ(program, file, f_inode, i_ino);
	event->executable_device = BPF_CORE_READ(program, file, f_inode, i_sb, s_dev);
}

static __always_inline void fill_event(struct process_event *event, struct task_struct *task, __u8 kind)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	struct task_struct *parent = BPF_CORE_READ(leader, real_parent, group_leader);

	event->time_ns = bpf_ktime_get_ns();
	event->start_time_ns = BPF_CORE_READ(leader, start_time);
	event->parent_start_time_ns = BPF_CORE_READ(parent, start_time);
	event->cgroup_id = bpf_get_current_cgroup_id();
	event->process_id = BPF_CORE_READ(leader, tgid);
	event->parent_process_id = BPF_CORE_READ(parent, tgid);
	event->user_id = BPF_CORE_READ(task, cred, uid.val);
	event->exit_code = kind == PROCESS_EXITED ? BPF_CORE_READ(leader, exit_code) : 0;
	event->process_namespace = process_namespace(leader);
	event->network_namespace = BPF_CORE_READ(leader, nsproxy, net_ns, ns.inum);
	event->executable_inode = 0;
	event->executable_device = 0;
	event->filename_length = 0;
	event->kind = kind;
	event->flags = 0;
	BPF_CORE_READ_STR_INTO(&event->comm, leader, comm);
	event->filename[0] = 0;
}

static __always_inline int report(struct task_struct *task, struct linux_binprm *program, __u8 kind)
{
	__u32 key = 0;
	struct process_account *account = bpf_map_lookup_elem(&process_accounts, &key);
	struct process_event *event;

	if (!account)
		return 0;

	account->begun++;
	barrier();
	account->process_seen++;
	event = bpf_ringbuf_reserve(&process_events, sizeof(*event), 0);
	if (event) {
		fill_event(event, task, kind);
		if (program) {
			fill_program(event, program);
			if (input_is_connected(task))
				event->flags |= PROCESS_INPUT_CONNECTED;
		}
		bpf_ringbuf_submit(event, 0);
		account->process_delivered++;
	} else {
		account->process_lost_ring_full++;
	}
	barrier();
	account->completed++;
	return 0;
}

SEC("raw_tp/sched_process_fork")
int aswarm_sched_process_fork(struct bpf_raw_tracepoint_args *context)
{
	struct task_struct *child = (void *)context->args[1];

	if (BPF_CORE_READ(child, pid) != BPF_CORE_READ(child, tgid))
		return 0;
	return report(child, NULL, PROCESS_FORKED);
}

SEC("raw_tp/sched_process_exec")
int aswarm_sched_process_exec(struct bpf_raw_tracepoint_args *context)
{
	return report((void *)context->args[0], (void *)context->args[2], PROCESS_EXECUTED);
}

/* The leader's exit stands for the process; threads that outlive it do not delay it. */
SEC("raw_tp/sched_process_exit")
int aswarm_sched_process_exit(struct bpf_raw_tracepoint_args *context)
{
	struct task_struct *task = (void *)context->args[0];

	if (BPF_CORE_READ(task, pid) != BPF_CORE_READ(task, tgid))
		return 0;
	return report(task, NULL, PROCESS_EXITED);
}

/* listen(2) runs in the process that will serve, or that forks those which do (net/ipv4/inet_connection_sock.c). */
SEC("raw_tp/inet_sock_set_state")
int aswarm_inet_sock_set_state(struct bpf_raw_tracepoint_args *context)
{
	if ((int)context->args[2] != TCP_LISTEN)
		return 0;
	return report((void *)bpf_get_current_task(), NULL, PROCESS_LISTENS);
}
