import Support
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The superuser may read and write anything, so permissions cannot be tested as that.
private let isSuperuser = getuid() == 0

@Suite struct `Files and folders` {
  private let folder = TemporaryFolder()
  private var path: String { folder.path }

  @Test(arguments: [0, 1, 4095, 4096, 4097, 200_000])
  func `files come back as they were written`(size: Int) throws {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try Files.write(bytes, to: path + "/file")
    #expect(try Files.read(path + "/file") == bytes)
    #expect(try Files.read(path + "/file", upTo: 100) == Array(bytes.prefix(100)))
    #expect(Files.size(path + "/file") == size)
    #expect(folder.names() == ["file"])
  }

  @Test(.enabled(if: Files.exists("/proc/self/status")))
  func `files of the kernel are read though they claim to be empty`() throws {
    #expect(Files.size("/proc/self/status") == 0)
    #expect(Files.text("/proc/self/status")?.contains("VmRSS:") == true)
    #expect(Files.firstLine("/proc/self/status")?.hasPrefix("Name:") == true)
    // One that is longer than a block.
    #expect(try Files.read("/proc/self/maps").count > 1 << 12)
  }

  @Test func `files that cannot be read say why in the system's words`() throws {
    let missing = #expect(throws: FileError.self) { try Files.read(path + "/none") }
    #expect(missing?.description == "\(path)/none: No such file or directory")
    #expect(missing?.exitStatus == 66)
    #expect(missing?.isMissing == true)
    let isFolder = #expect(throws: FileError.self) { try Files.read(path) }
    #expect(isFolder?.description == "\(path): Is a directory")
    #expect(isFolder?.isMissing == false)
    folder.write("", to: "file")
    let below = #expect(throws: FileError.self) { try Files.read(path + "/file/x") }
    #expect(below?.isMissing == true)
    #expect(Files.text(path) == nil)
    #expect(Files.firstLine(path + "/none") == nil)
  }

  @Test(.enabled(if: !isSuperuser)) func `files without permission are refused`() throws {
    let secret = folder.write("x", to: "secret")
    chmod(secret, 0)
    let unreadable = #expect(throws: FileError.self) { try Files.read(secret) }
    #expect(unreadable?.description == "\(secret): Permission denied")
    folder.makeFolder("closed")
    chmod(path + "/closed", 0o500)
    let unwritable = #expect(throws: FileError.self) {
      try Files.write([1], to: path + "/closed/a")
    }
    #expect(unwritable?.description == "\(path)/closed/a: Permission denied")
    #expect(unwritable?.exitStatus == 73)
  }

  @Test(.enabled(if: Files.exists("/dev/full")))
  func `files on a full disk are no success, and leave nothing`() throws {
    let full = AtomicFile(path + "/file", temporary: path + "/full")
    // Stands for a disk that is full: what is written under the temporary name goes to /dev/full.
    try #require(symlink("/dev/full", path + "/full") == 0)
    try full.append("text")
    let error = try #require(throws: FileError.self) { try full.finish() }
    #expect(error.description == "\(path)/file: No space left on device")
    #expect(error.exitStatus == 74)
    // It stays so, and nobody takes it for a success.
    #expect(throws: error) { try full.append(Array("more".utf8)) }
    #expect(throws: error) { try full.finish() }
    #expect(folder.names() == [])
    let device = #expect(throws: FileError.self) { try Files.write([1], to: "/dev/full") }
    #expect(device?.description == "/dev/full: No space left on device")
    #expect(Files.information("/dev/full")?.kind == .other)
  }

  @Test func `the contents of a folder are listed in order`() throws {
    for name in ["b", "a", ".hidden", "ä"] { folder.write("", to: name) }
    #expect(try Files.contents(of: path) == [".hidden", "a", "b", "ä"])
    let error = #expect(throws: FileError.self) { try Files.contents(of: path + "/a") }
    #expect(error?.description == "\(path)/a: Not a directory")
  }

  @Test func `folders are removed with all that is in them, whatever the names`() throws {
    folder.makeFolder("tree")
    folder.makeFolder("tree/inner")
    folder.write("x", to: "tree/inner/file")
    folder.write("kept", to: "kept")
    try #require(symlink(path + "/kept", path + "/tree/link") == 0)
    // 0xff is in no UTF-8 text.
    let odd = Array((path + "/tree/").utf8) + [0xff, 0x0a, 0]
    let made = odd.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { mkdir($0.baseAddress!, 0o777) }
    }
    try #require(made == 0)
    #expect(try Files.contents(of: path + "/tree").count == 3)
    Files.remove(path + "/tree")
    Files.remove(path + "/tree")
    #expect(folder.names() == ["kept"])
  }

  @Test func `links are there even where they lead nowhere`() throws {
    try #require(symlink(path + "/nowhere", path + "/link") == 0)
    #expect(Files.exists(path + "/link"))
    #expect(Files.information(path + "/link") == nil)
    #expect(Files.information(path + "/link", followingLinks: false)?.kind == .link)
    #expect(!Files.exists(path + "/none"))
    #expect(Files.isFolder(path) && !Files.isFolder(path + "/link"))
    #expect(Files.size(path) == nil)
  }

  @Test func `files tell when they were replaced or written to`() throws {
    let file = folder.write("one", to: "file")
    let before = try #require(Files.information(file))
    #expect(Files.information(file) == before)
    try Files.write(Array("two".utf8), to: file)
    let after = try #require(Files.information(file))
    #expect(after != before && !after.isSameFile(as: before))
    #expect(abs(after.changed.seconds - Timestamp.now.seconds) < 60)
  }

  @Test func `folders are made with those above them, or not at all`() throws {
    #expect(
      try Files.createFolder(path + "/a/b/") == [path + "/a", path + "/a/b"])
    #expect(try Files.createFolder(path + "/a/b") == [])
    #expect(try Files.createFolder(above: path + "/a/c/file") == [path + "/a/c"])
    #expect(try Files.createNewFolder(path + "/new"))
    #expect(try !Files.createNewFolder(path + "/new"))
    folder.write("", to: "file")
    let error = #expect(throws: FileError.self) { try Files.createFolder(path + "/file/x") }
    #expect(error?.description == "\(path)/file/x: Not a directory")
    let name = String(repeating: "n", count: 300)
    #expect(throws: FileError.self) { try Files.createFolder("\(path)/x/y/\(name)") }
    #expect(folder.names() == ["a/", "a/b/", "a/c/", "file", "new/"])
    Files.removeEmptyFolder(path + "/a")
    Files.removeEmptyFolder(path + "/new")
    #expect(folder.names() == ["a/", "a/b/", "a/c/", "file"])
  }

  @Test func `files change places in one step`() throws {
    folder.makeFolder("new")
    folder.write("2", to: "new/file")
    folder.makeFolder("old")
    folder.write("1", to: "old/file")
    try Files.exchange(path + "/new", path + "/old")
    #expect(folder.text("old/file") == "2" && folder.text("new/file") == "1")
    let error = #expect(throws: FileError.self) {
      try Files.exchange(path + "/new", path + "/none")
    }
    #expect(error?.code == ENOENT)
  }

  @Test func `a file gets a second name where nothing has that`() throws {
    let file = folder.write("1", to: "file")
    #expect(try Files.link(file, as: path + "/second"))
    #expect(try !Files.link(file, as: path + "/second"))
    #expect(folder.text("second") == "1")
    #expect(throws: FileError.self) { try Files.link(path + "/none", as: path + "/third") }
  }

  @Test func `files have names and folders`() {
    #expect(Files.folder(of: "a/b/c") == "a/b" && Files.name(of: "a/b/c") == "c")
    #expect(Files.folder(of: "/a") == "/" && Files.name(of: "a/") == "a")
    #expect(Files.folder(of: "a") == "." && Files.folder(of: ".") == "..")
    #expect(Files.absolute(path + "/./") == Files.absolute(path))
    #expect(Files.absolute(path + "/none") == nil)
  }
}

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
