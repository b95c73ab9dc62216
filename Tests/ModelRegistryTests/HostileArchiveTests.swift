import TestSupport
import Testing

@testable import ModelRegistry

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct `An archive from the registry` {
  private static func entry(
    _ name: String, _ change: (inout HandmadeZip.Entry) -> Void = { _ in }
  ) -> HandmadeZip {
    var entry = HandmadeZip.Entry(name)
    change(&entry)
    return HandmadeZip([HandmadeZip.Entry("scaler.json"), entry])
  }

  private static let hostile: [(HandmadeZip, String)] = [
    (entry("../evil.json"), "\"../evil.json\", which leads out of the folder"),
    (entry("a/../../evil.json"), "which leads out of the folder"),
    (entry("..\\evil.json"), "which leads out of the folder"),
    (entry("/etc/evil.json"), "the absolute path \"/etc/evil.json\""),
    (entry("C:\\evil.json"), "the absolute path"),
    (entry("\\\\host\\evil.json"), "the absolute path"),
    (entry("sub/evil.json"), "\"sub/evil.json\" is in a folder of its own"),
    (entry("sub/") { $0.mode = 0o040755 }, "is a folder"),
    (entry("evil.json") { $0.mode = 0o120777 }, "\"evil.json\" is a link"),
    (entry("evil.json") { $0.mode = 0o020666 }, "\"evil.json\" is a device"),
    (entry("evil.json") { $0.mode = 0o060666 }, "\"evil.json\" is a device"),
    (entry("evil.json") { $0.mode = 0o010666 }, "\"evil.json\" is a device"),
    (entry("evil.json") { $0.mode = 0o140666 }, "\"evil.json\" is a device"),
    (entry("scaler.json"), "\"scaler.json\" is in it twice"),
    (entry("."), "which no file can have"),
    (entry(""), "which no file can have"),
    (entry("evil\n.json"), "\"evil?.json\", which no file can have"),
    (entry(String(repeating: "e", count: 256)), "which no file can have"),
    (entry("registry.json"), "\"registry.json\", which is written here"),
    (entry("model.pkl"), "\"model.pkl\" is a pickle, registered by the Python original"),
    (entry("MODEL.PKL"), "is a pickle"),
    (entry("evil.json") { $0.flags = 1 }, "\"evil.json\" is encrypted"),
    (
      entry("evil.json") {
        $0.size = 1 << 30 + 1
        $0.compressedSize = 1 << 29
      }, "unpacks to 1073741825 bytes, at most 1073741824 are taken"
    ),
    (
      entry("evil.json") {
        $0.method = 8
        $0.size = 2_000_000
      }, "unpacks to more than 1000 times its 1 bytes"
    ),
  ]

  @Test(arguments: hostile.indices)
  func `a bad archive is refused before anything of it is unpacked`(index: Int) throws {
    let (zip, expected) = Self.hostile[index]
    let folder = TemporaryFolder()
    let path = folder.write(zip.bytes, to: "a.zip")
    let error = #expect(throws: RegistryError.self) {
      try ModelArchive(path, title: "diamonds-scaler 1.0.0")
    }
    #expect(error?.kind == .badData)
    #expect(error?.description.hasPrefix("diamonds-scaler 1.0.0: refused: ") == true)
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("\n") == false)
  }

  @Test(arguments: [
    ("<!DOCTYPE html><html>", "a web page"), ("\n <html>", "a web page"),
    (#"{"msg":"no such version"}"#, #"a message: {"msg":"no such version"}"#),
    ("", "nothing"), ("junk", "something else"),
  ])
  func `a file that is no archive is refused`(text: String, found: String) {
    withTemporaryFile(text, named: "a.zip") { path in
      let error = #expect(throws: RegistryError.self) { try ModelArchive(path, title: "t") }
      #expect(error?.description.contains("expected a ZIP archive, found \(found)") == true)
    }
  }

  @Test func `an archive that is cut anywhere is refused`() throws {
    let whole = HandmadeZip([.init("scaler.json", "{}"), .init("more.json", "[1]")]).bytes
    let folder = TemporaryFolder()
    for count in whole.indices {
      let path = folder.write(whole[..<count], to: "a.zip")
      let target = "out-\(count)"
      folder.makeFolder(target)
      #expect(throws: RegistryError.self, "\(count)") {
        try ModelArchive(path, title: "t").unpack(into: folder.path + "/" + target)
      }
    }
  }

  @Test func `an archive with a file that is not what its header says is refused`() throws {
    let folder = TemporaryFolder()
    let bomb = HandmadeZip.deflatedZeros(20_000)
    func refused(_ change: (inout HandmadeZip.Entry) -> Void) throws {
      var entry = HandmadeZip.Entry("scaler.json", "some words")
      change(&entry)
      let path = folder.write(HandmadeZip([entry]).bytes, to: "a.zip")
      folder.makeFolder("out")
      let error = #expect(throws: RegistryError.self) {
        try ModelArchive(path, title: "t").unpack(into: folder.path + "/out")
      }
      #expect(error?.kind == .badData, "\(error?.description ?? "")")
      let written = folder.read("out/scaler.json")?.count ?? 0
      #expect(written <= 100)
      remove(folder.path + "/out/scaler.json")
      rmdir(folder.path + "/out")
    }
    try refused { $0.checksum = 1 }
    try refused { $0.size = 4 }
    // More than a thousand times what the archive says that it is packed to.
    try refused {
      $0.method = 8
      $0.content = bomb.bytes
      $0.size = 1
      $0.compressedSize = bomb.bytes.count / 30
    }
    try refused {
      $0.method = 8
      $0.content = bomb.bytes
      $0.size = 100
    }
    try refused { $0.method = 99 }
  }

  @Test func `a sound archive is unpacked as it is`() throws {
    let folder = TemporaryFolder()
    let zeros = HandmadeZip.deflatedZeros(100)
    var packed = HandmadeZip.Entry("model.safetensors")
    packed.method = 8
    packed.content = zeros.bytes
    packed.size = zeros.size
    packed.checksum = HandmadeZip.checksum([UInt8](repeating: 0, count: zeros.size))
    // Packed on another system, which has no modes.
    var other = HandmadeZip.Entry("scaler.json", "{}")
    other.system = 0
    other.mode = 0
    var streamed = HandmadeZip.Entry("labelEncoder.json", "{\"a\": 1}")
    streamed.isStreamed = true
    let path = folder.write(HandmadeZip([packed, other, streamed]).bytes, to: "a.zip")
    folder.makeFolder("out")
    let names = try ModelArchive(path, title: "t").unpack(into: folder.path + "/out")
    #expect(names == ["model.safetensors", "scaler.json", "labelEncoder.json"])
    #expect(folder.text("out/labelEncoder.json") == "{\"a\": 1}")
    #expect(folder.read("out/model.safetensors") == [UInt8](repeating: 0, count: zeros.size))
    #expect(folder.text("out/scaler.json") == "{}")
  }

  @Test func `unpacking an archive never writes over a file, nor through a link`() throws {
    let folder = TemporaryFolder()
    folder.write("precious", to: "elsewhere")
    folder.makeFolder("out")
    symlink(folder.path + "/elsewhere", folder.path + "/out/scaler.json")
    let path = folder.write(HandmadeZip([.init("scaler.json")]).bytes, to: "a.zip")
    let error = #expect(throws: RegistryError.self) {
      try ModelArchive(path, title: "t").unpack(into: folder.path + "/out")
    }
    #expect(error?.description.contains("is a file of another part of the set, too") == true)
    #expect(folder.text("elsewhere") == "precious")
  }
}
