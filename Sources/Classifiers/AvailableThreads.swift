public import LinearAlgebra
import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

extension Parallelism {
  /// The number of threads that this process can use: the cores that it may run on, or fewer if a container's quota
  /// is lower.
  public static let availableThreads = max(1, min(usableCores, quotaCores ?? .max))

  /// The cores that the process may run on: all, or those that a scheduler gave it.
  private static var usableCores: Int {
    let all = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    let name = "Cpus_allowed:"
    let status = Files.text("/proc/self/status")?.split(separator: "\n") ?? []
    guard let mask = status.first(where: { $0.hasPrefix(name) })?.dropFirst(name.count) else {
      return all
    }
    let allowed = mask.reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
    return allowed > 0 ? min(all, allowed) : all
  }

  /// The quota of Linux's control groups in cores, rounded up.
  private static var quotaCores: Int? {
    #if canImport(Glibc)
      ControlGroups(root: "/sys/fs/cgroup", membership: "/proc/self/cgroup").quotaCores
    #else
      nil
    #endif
  }
}

/// The processor quota of a process in Linux's control groups, version 1 or 2.
///
/// - SeeAlso: https://docs.kernel.org/admin-guide/cgroup-v2.html, the file `cpu.max`.
struct ControlGroups {
  /// The folder of the groups' files.
  let root: String
  /// The file with the groups of the process.
  let membership: String

  /// The lowest quota from the process's group up to the root; `nil` without one.
  var quotaCores: Int? {
    // Inside a container its own group is the root, whatever path the kernel names.
    let lines = Files.text(membership)?.split(separator: "\n") ?? []
    let paths = lines.compactMap { line -> (controllers: Substring, path: String)? in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      return fields.count == 3 ? (fields[1], String(fields[2])) : nil
    }
    let second = paths.first { $0.controllers.isEmpty }?.path ?? "/"
    let first = paths.first { $0.controllers.split(separator: ",").contains("cpu") }?.path ?? "/"
    let quotas =
      Self.ancestors(of: second).map { unifiedQuota(root + $0) }
      + Self.ancestors(of: first).map { firstVersionQuota(root + "/cpu" + $0) }
    return quotas.compactMap { $0 }.min().map { max(1, Int($0.rounded(.up))) }
  }

  /// The path and its ancestors: `/a/b`, `/a` and the empty one.
  private static func ancestors(of path: String) -> [String] {
    let parts = path.split(separator: "/")
    return (0...parts.count).reversed().map { count in
      parts.prefix(count).map { "/" + $0 }.joined()
    }
  }

  /// `cpu.max` says `QUOTA PERIOD`, in microseconds, or `max PERIOD`.
  private func unifiedQuota(_ folder: String) -> Double? {
    let fields = Files.text(folder + "/cpu.max")?.split { $0 == " " || $0 == "\n" } ?? []
    guard fields.count == 2 else { return nil }
    return Self.cores(Double(fields[0]), of: Double(fields[1]))
  }

  private func firstVersionQuota(_ folder: String) -> Double? {
    func number(_ name: String) -> Double? {
      Files.text(folder + "/" + name).flatMap { Double($0.prefix { $0 != "\n" }) }
    }
    return Self.cores(number("cpu.cfs_quota_us"), of: number("cpu.cfs_period_us"))
  }

  private static func cores(_ quota: Double?, of period: Double?) -> Double? {
    guard let quota, let period, quota > 0, period > 0, quota < 1e15 else { return nil }
    return quota / period
  }
}
