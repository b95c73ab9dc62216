import Support
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct `An open file` {
  private let folder = TemporaryFolder()

  @Test func `an open file grows at its end and is read anywhere`() throws {
    let path = folder.path + "/file"
    let file = try OpenFile(path, .createToAppend)
    try write("one", to: file)
    try write("two", to: file)
    #expect(try text(of: file, at: 2, count: 3) == "etw")
    #expect(try text(of: file, at: 4, count: 10) == "wo")
    try file.truncate(to: 4)
    try write("!", to: file)
    try file.flush()
    #expect(folder.text("file") == "onet!")
    let taken = #expect(throws: FileError.self) { try OpenFile(path, .createToAppend) }
    #expect(taken?.description == "\(path): File exists")
  }

  private final class Flag: Sendable {
    let isSet = Atomic(false)
  }

  @Test func `a lock goes with its file, though other threads start programs`() throws {
    let path = folder.write("", to: "file")
    let isDone = Flag()
    let thread = Thread { while !isDone.isSet.load(ordering: .relaxed) { _ = system("true") } }
    defer {
      isDone.isSet.store(true, ordering: .relaxed)
      thread.join()
    }
    for _ in 0..<3000 {
      let file = try OpenFile(path, .append)
      #expect(file.lock())
      try file.close()
    }
  }

  @Test func `an open file is locked by one process`() throws {
    let path = folder.write("", to: "file")
    let first = try OpenFile(path, .append)
    let second = try OpenFile(path, .append)
    #expect(first.lock() && !second.lock())
    try first.close()
    #expect(second.lock())
  }

  @Test func `an open file follows no link where it must be new or a folder`() throws {
    folder.write("kept", to: "file")
    for target in ["file", "none", "."] {
      try #require(symlink(folder.path + "/" + target, folder.path + "/link") == 0)
      #expect(throws: FileError.self) { try OpenFile(folder.path + "/link", .create) }
      #expect(throws: FileError.self) { try OpenFile(folder.path + "/link", .folder) }
      unlink(folder.path + "/link")
    }
    #expect(folder.text("file") == "kept")
  }

  @Test func `an open file can be a pipe, which is not waited for where it must not be`() throws {
    let path = folder.path + "/pipe"
    try #require(mkfifo(path, 0o600) == 0)
    let file = try OpenFile(path, .readWithoutWaiting)
    #expect(try file.information.kind == .other)
    let writer = try OpenFile(path, .write)
    try write("through", to: writer)
    try writer.close()
    #expect(try String(decoding: file.read(upTo: .max), as: UTF8.self) == "through")
  }

  @Test func `an open file is not kept by programs that are started`() throws {
    let file = try OpenFile(folder.write("", to: "file"), .read)
    var own = stat()
    try #require(stat(folder.path + "/file", &own) == 0)
    let flags = (0..<1024 as Range<Int32>).compactMap { descriptor -> Int32? in
      var information = stat()
      guard fstat(descriptor, &information) == 0, information.st_ino == own.st_ino,
        information.st_dev == own.st_dev
      else { return nil }
      return fcntl(descriptor, F_GETFD)
    }
    #expect(flags == [FD_CLOEXEC])
    withExtendedLifetime(file) {}
  }

  private func write(_ text: String, to file: OpenFile) throws {
    try Array(text.utf8).withUnsafeBytes { try file.write($0) }
  }

  private func text(of file: OpenFile, at offset: Int, count: Int) throws -> String {
    var bytes = [UInt8](repeating: 0, count: count)
    let filled = try bytes.withUnsafeMutableBytes { try file.read(at: offset, into: $0) }
    return String(decoding: bytes[..<filled], as: UTF8.self)
  }
}
