import Support
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct `An atomic file` {
  private let folder = TemporaryFolder()
  private var path: String { folder.path + "/file" }

  @Test func `an atomic file has its name when it is whole`() throws {
    folder.write("before", to: "file")
    let file = AtomicFile(path)
    try file.append("a")
    try file.append(Array("b".utf8))
    try file.append("c")
    #expect(folder.text("file") == "before")
    #expect(folder.names() == ["file", "file.partial"])
    try file.finish()
    #expect(folder.text("file") == "abc")
    #expect(folder.names() == ["file"])
    // What comes later does nothing.
    try file.append("d")
    try file.finish()
    file.abandon()
    #expect(folder.text("file") == "abc")
    #expect(folder.names() == ["file"])
  }

  @Test func `an atomic file gathers text and keeps its order`() throws {
    let file = AtomicFile(path, isDurable: true)
    var expected = ""
    for number in 0..<30_000 {
      try file.append("\(number),")
      expected += "\(number),"
    }
    try file.finish()
    #expect(folder.text("file") == expected)
  }

  @Test func `an atomic file is there even with nothing in it`() throws {
    try AtomicFile(path).finish()
    #expect(folder.read("file") == [])
  }

  @Test func `an atomic file leaves nothing when it is abandoned or dropped`() throws {
    let file = AtomicFile(path)
    try file.append(Array("a".utf8))
    file.abandon()
    try file.append(Array("b".utf8))
    try file.finish()
    #expect(folder.names() == [])
    do {
      let dropped = AtomicFile(path)
      try dropped.append(Array("a".utf8))
      #expect(folder.names() == ["file.partial"])
    }
    #expect(folder.names() == [])
    let unbegun = AtomicFile(path)
    unbegun.abandon()
    try unbegun.finish()
    #expect(folder.names() == [])
  }

  @Test func `an atomic file that cannot be given its name leaves nothing`() throws {
    folder.makeFolder("file")
    folder.write("x", to: "file/x")
    let file = AtomicFile(folder.path + "/none/file")
    let missing = #expect(throws: FileError.self) { try file.append(Array("a".utf8)) }
    #expect(missing?.description == "\(folder.path)/none/file: No such file or directory")
    #expect(missing?.kind == .cannotCreate)
    let inFolder = AtomicFile(path, temporary: folder.path + "/t")
    let error = #expect(throws: FileError.self) { try inFolder.append(Array("a".utf8)) }
    #expect(error?.description == "\(path): Is a directory")
    #expect(folder.names() == ["file/", "file/x"])
  }

  @Test func `an atomic file writes to a pipe, and can be abandoned`() throws {
    try #require(mkfifo(path, 0o600) == 0)
    let path = path
    // Threads, since other tests may block all that tasks have.
    let read = Mutex<[UInt8]?>(nil)
    let reading = Thread {
      let bytes = try? Files.read(path)
      read.withLock { $0 = bytes }
    }
    let file = AtomicFile(path)
    try file.append(Array("through".utf8))
    try file.finish()
    reading.join()
    #expect(read.withLock { $0 } == Array("through".utf8))
    #expect(folder.names() == ["file"])
    // Opening waits for a reader; ending does not wait for that.
    let waiting = AtomicFile(path)
    let failed = Atomic(false)
    let writing = Thread {
      do { try waiting.append(Array("late".utf8)) } catch {
        failed.store(true, ordering: .releasing)
      }
    }
    waiting.abandon()
    let reader = try OpenFile(path, .readWithoutWaiting)
    writing.join()
    let hasFailed = failed.load(ordering: .acquiring)
    #expect(!hasFailed)
    #expect(try reader.read(upTo: .max) == [])
  }

  /// Under the tests' own standard output there may be a file, a pipe or a terminal.
  private static let output = Files.information("/dev/stdout")?.kind

  @Test(.enabled(if: output != nil && output != .file))
  func `an atomic file goes to standard output by its name`() throws {
    let file = AtomicFile("/dev/stdout")
    try file.append(Array("".utf8))
    try file.finish()
    #expect(Files.information("/dev/stdout")?.kind == Self.output)
  }
}
