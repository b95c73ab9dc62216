import Comet
import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The ZIP archive of a registered model's files, which is hostile until it is checked.
struct ModelArchive {
  /// The most bytes that an entry may unpack to.
  static let entryLimit = 1 << 30
  /// The most times its packed size.
  static let ratioLimit = 1000
  static let entryCountLimit = 100

  /// What errors call it, such as `diamonds-model 1.0.0`.
  let title: String
  private let reader: ZipReader

  /// Opens an archive and checks what it says of its entries.
  init(_ path: String, title: String) throws(RegistryError) {
    self.title = title
    try Self.checkBeginning(of: path, title)
    do throws(JournalError) {
      reader = try ZipReader(path)
    } catch {
      throw RegistryError(
        .badData, "\(title): expected a ZIP archive, found one that is damaged: \(error.problem)")
    }
    guard !reader.entries.isEmpty else { throw fail("expected files, found an empty archive") }
    guard reader.entries.count <= Self.entryCountLimit else {
      throw fail(
        "expected at most \(Self.entryCountLimit) files, found \(reader.entries.count)")
    }
    var names: Set<String> = []
    for entry in reader.entries {
      try check(entry)
      guard names.insert(entry.name).inserted else {
        throw fail("\(Self.shown(entry.name)) is in it twice")
      }
    }
  }

  /// Unpacks all files into a folder in which none of them is yet; returns their names.
  func unpack(into folder: String) throws(RegistryError) -> [String] {
    for entry in reader.entries {
      let file = folder + "/" + entry.name
      do throws(JournalError) {
        // What it says of its size was checked; whether it is true shows only here.
        try reader.extract(entry, toNew: file, limit: entry.size)
      } catch {
        switch error.kind {
        case .cannotCreate:
          if Files.exists(file) {
            throw fail("\(Self.shown(entry.name)) is a file of another part of the set, too")
          }
          throw RegistryError(.cannotCreate, error.description)
        case .cannotWrite: throw RegistryError(.cannotWrite, error.description)
        default: throw fail(error.problem)
        }
      }
    }
    return reader.entries.map(\.name)
  }

  /// Tells what is no archive at all before libzip looks for one in it.
  private static func checkBeginning(of path: String, _ title: String) throws(RegistryError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try Files.read(path, upTo: 512)
    } catch {
      // It has just been downloaded.
      throw RegistryError(error.met(while: .cannotWrite))
    }
    if bytes.starts(with: [0x50, 0x4b, 3, 4]) || bytes.starts(with: [0x50, 0x4b, 5, 6]) { return }
    let text = String(decoding: bytes, as: UTF8.self).drop(while: \.isWhitespace)
    let found =
      if bytes.isEmpty {
        "nothing"
      } else if text.hasPrefix("<") {
        "a web page; is there a proxy or a log-in between here and Comet?"
      } else if text.hasPrefix("{") {
        "a message: \(text.prefix(200).map { $0.isNewline ? " " : String($0) }.joined())"
      } else {
        "something else"
      }
    throw RegistryError(.badData, "\(title): expected a ZIP archive, found \(found)")
  }

  private func check(_ entry: ZipReader.Entry) throws(RegistryError) {
    let name = entry.name
    let shown = Self.shown(name)
    if name.hasPrefix("/") || name.hasPrefix("\\") || name.dropFirst().hasPrefix(":") {
      throw fail("the absolute path \(shown)")
    }
    let parts = name.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }
    if parts.contains("..") { throw fail("the name \(shown), which leads out of the folder") }
    switch (entry.mode ?? 0) & UInt32(S_IFMT) {
    case UInt32(S_IFLNK): throw fail("\(shown) is a link")
    case UInt32(S_IFCHR), UInt32(S_IFBLK), UInt32(S_IFIFO), UInt32(S_IFSOCK):
      throw fail("\(shown) is a device")
    case 0, UInt32(S_IFREG): break
    default: throw fail("\(shown) is a folder")
    }
    guard parts.count == 1 else { throw fail("\(shown) is in a folder of its own") }
    guard !name.isEmpty, name != ".", name.utf8.count <= 255,
      name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
    else { throw fail("the name \(shown), which no file can have") }
    guard name != FetchRecord.fileName else { throw fail("\(shown), which is written here") }
    if [".pkl", ".pickle", ".joblib"].contains(where: name.lowercased().hasSuffix) {
      throw fail(
        "\(shown) is a pickle, registered by the Python original, and only Python can read it; "
          + "register a model of this program with compare-models --register --stage NAME")
    }
    guard !entry.isEncrypted else { throw fail("\(shown) is encrypted") }
    guard entry.size <= Self.entryLimit else {
      throw fail("\(shown) unpacks to \(entry.size) bytes, at most \(Self.entryLimit) are taken")
    }
    guard entry.size / Self.ratioLimit <= entry.compressedSize else {
      throw fail(
        "\(shown) unpacks to more than \(Self.ratioLimit) times its \(entry.compressedSize) bytes")
    }
  }

  private func fail(_ problem: String) -> RegistryError {
    RegistryError(.badData, "\(title): refused: \(problem)")
  }

  private static func shown(_ name: String) -> String {
    let scalars = name.unicodeScalars.prefix(80).map {
      $0.value < 0x20 || $0.value == 0x7f ? "?" : String($0)
    }
    return "\"\(scalars.joined())\""
  }
}
