/// How a file's bytes stand for characters.
public enum TextEncoding: String, CaseIterable, Codable, Hashable, Sendable {
  case utf8 = "utf-8"
  case latin1
  case windows1252 = "windows-1252"
  /// Little-endian, unless a byte order mark says otherwise.
  case utf16 = "utf-16"

  /// The most likely encoding of a text that is not UTF-8; `nil` where some of it is, so that another encoding would
  /// spoil that.
  init?(guessedFor text: UnsafeBufferPointer<UInt8>) {
    if text.contains(0) {
      // Of most texts in UTF-16 every other byte is zero.
      let start = text.prefix(1000)
      guard start.count(where: { $0 == 0 }) * 3 > start.count else { return nil }
      self = .utf16
      return
    }
    var decoder = Unicode.UTF8.ForwardParser()
    var iterator = text.makeIterator()
    scan: while true {
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let scalar) where scalar.count > 1: return nil
      case .emptyInput: break scan
      case .valid, .error: break
      }
    }
    self = text.contains { 0x80...0x9f ~= $0 } ? .windows1252 : .latin1
  }

  /// What to do about a text that is not UTF-8.
  static func advice(_ likely: TextEncoding?) -> String {
    likely.map { "read it with --encoding \($0.rawValue), or save the file as UTF-8" }
      ?? "save the file as UTF-8"
  }

  /// The character of each byte in latin1 and windows-1252, whose bytes 0x80 to 0x9f are other characters, five of
  /// them none.
  fileprivate var characters: [Unicode.Scalar?] {
    let all = (0...255).map { Unicode.Scalar($0) as Unicode.Scalar? }
    guard self == .windows1252 else { return all }
    let others = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ".unicodeScalars.map {
      $0 == " " ? nil : $0
    }
    return all[..<0x80] + others + all[0xa0...]
  }
}

/// Converts a text to UTF-8 piece by piece.
///
/// The C library's `iconv` would need files beside the program, which its image does not have.
struct TextConverter {
  private let encoding: TextEncoding
  private let characters: [[UInt8]?]
  /// Bytes whose character has not come completely, and whether those of a UTF-16 unit are swapped.
  private var rest: [UInt8] = []
  private var isSwapped: Bool?
  private var lineEnds = 0

  init(_ encoding: TextEncoding) {
    self.encoding = encoding
    characters = encoding.characters.map { $0.flatMap { UTF8.encode($0) }.map(Array.init) }
  }

  /// - Parameter piece: the next bytes; none at the end.
  mutating func converted(_ piece: [UInt8]) throws(CSVError) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(piece.count * 3 / 2)
    var isSound = true
    switch encoding {
    case .utf8: output = piece
    case .latin1, .windows1252:
      for byte in piece where isSound {
        if byte < 0x80 {
          output.append(byte)
        } else if let character = characters[Int(byte)] {
          output += character
        } else {
          isSound = false
        }
      }
    case .utf16:
      let units = nextUnits(piece)
      let text = String(validating: units, as: UTF16.self)
      isSound = text != nil && (!piece.isEmpty || rest.isEmpty)
      output = Array(
        (text ?? String(String(decoding: units, as: UTF16.self).prefix { $0 != "\u{fffd}" })).utf8)
    }
    lineEnds += output.count { $0 == UInt8(ascii: "\n") }
    guard isSound else {
      throw CSVError(
        line: lineEnds + 1,
        problem:
          "expected text in \(encoding.rawValue), found other bytes; choose another --encoding"
      )
    }
    return output
  }

  /// The complete characters among the rest and a piece, without a byte order mark.
  private mutating func nextUnits(_ piece: [UInt8]) -> [UInt16] {
    rest += piece
    var units = stride(from: 0, to: rest.count - 1, by: 2).map {
      UInt16(rest[$0]) | UInt16(rest[$0 + 1]) << 8
    }
    if let first = units.first, isSwapped == nil { isSwapped = first == 0xfffe }
    if isSwapped == true { units = units.map(\.byteSwapped) }
    if !piece.isEmpty, let last = units.last, UTF16.isLeadSurrogate(last) { units.removeLast() }
    rest.removeFirst(2 * units.count)
    if lineEnds == 0, units.first == 0xfeff { units.removeFirst() }
    return units
  }
}
