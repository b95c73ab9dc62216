import Comet
import JSON
import ModelFiles
import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The machine and the process, as they are logged.
enum HostDetails {
  /// - Parameter key: what the command line must not show, should it be there.
  static func current(hiding key: APIKey?) -> SystemDetails {
    var names = utsname()
    uname(&names)
    let system = text(&names.sysname)
    let release = text(&names.release)
    let machine = text(&names.machine)
    let command = CommandLine.arguments.map { key?.redacting($0) ?? $0 }
    let members: [(String, JSONValue)] = [
      ("user", .string(userName)), ("hostname", .string(text(&names.nodename))), ("ip", ""),
      ("pid", .integer(Int(getpid()))), ("osType", .string(system)),
      ("osRelease", .string(release)), ("os", .string("\(system) \(release) \(machine)")),
      ("machine", .string(machine)), ("processor", .string(processor ?? machine)),
      ("command", .array(command.map(JSONValue.string))),
      ("executable", .string(command.first ?? "")), ("totalRam", .integer(memory)),
    ]
    return SystemDetails(
      members.map { .init($0, $1) },
      additional: [
        .init("cpu_count", .string("\(sysconf(Int32(_SC_NPROCESSORS_ONLN)))")),
        .init("memory_bytes", .string("\(memory)")),
        .init("compare_models_version", .string(ProgramVersion.current)),
      ])
  }

  private static var userName: String {
    getpwuid(getuid()).flatMap { $0.pointee.pw_name.map { String(cString: $0) } } ?? "\(getuid())"
  }

  private static var memory: Int {
    #if canImport(Darwin)
      var size = 0
      var length = MemoryLayout<Int>.size
      sysctlbyname("hw.memsize", &size, &length, nil, 0)
      return size
    #else
      return sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    #endif
  }

  /// The processor's name, where the system has a file that tells it.
  private static var processor: String? {
    Files.text("/proc/cpuinfo", upTo: 4096)?.split(separator: "\n")
      .first { $0.hasPrefix("model name") }?
      .split(separator: ":", maxSplits: 1).last.map { String($0.drop { $0 == " " }) }
  }

  private static func text<Characters>(_ characters: inout Characters) -> String {
    withUnsafeBytes(of: &characters) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
