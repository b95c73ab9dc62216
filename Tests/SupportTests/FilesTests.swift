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
