//! What the system says of its memory and of what this process may take of it.

use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System};

use crate::vgg::device::DeviceMemory;

/// The processor's name and the system's memory.
pub(super) fn processor() -> (String, Option<DeviceMemory>) {
    let Ok(mut system) = System::new() else {
        return ("processor".to_owned(), None);
    };
    system.refresh_memory();
    system.refresh_cpu_list(sysinfo::CpuRefreshKind::nothing());
    let name = system
        .cpus()
        .first()
        .map(|cpu| cpu.brand().trim().to_owned());
    let memory = DeviceMemory {
        free_bytes: system.available_memory(),
        total_bytes: system.total_memory(),
    };
    (
        name.filter(|name| !name.is_empty())
            .unwrap_or_else(|| "processor".to_owned()),
        Some(memory).filter(|memory| memory.total_bytes > 0),
    )
}

/// Resident memory of this process in bytes; `None` where the system does not tell.
pub fn process_bytes() -> Option<u64> {
    own_process(&mut System::new().ok()?).map(sysinfo::Process::memory)
}

fn own_process(system: &mut System) -> Option<&sysinfo::Process> {
    let pid = sysinfo::get_current_pid().ok()?;
    system.refresh_processes_specifics(
        ProcessesToUpdate::Some(&[pid]),
        false,
        ProcessRefreshKind::nothing().with_memory(),
    );
    system.process(pid)
}

/// What this process may take in all: what the system has to give and what it has already, and no
/// more than a container's limit leaves beside the other processes there. `None` where the system
/// does not tell.
pub(super) fn free_bytes() -> Option<u64> {
    let mut system = System::new().ok()?;
    system.refresh_memory();
    let available = system.available_memory();
    let process = own_process(&mut system);
    let own = process.map_or(0, sysinfo::Process::memory);
    let system_wide = (available > 0).then(|| available + own);
    match process.and_then(sysinfo::Process::cgroup_limits) {
        // What the container counts as used includes files that the system would drop.
        Some(limits) => {
            let others = limits.rss.saturating_sub(own);
            let within = limits.total_memory.saturating_sub(others);
            Some(system_wide.map_or(within, |free| free.min(within)))
        }
        None => system_wide,
    }
}
