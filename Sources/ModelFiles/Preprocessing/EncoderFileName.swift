import Support

/// The name of the file with a column's encoder.
enum EncoderFileName {
  private static let ending = "FeatureLabelEncoder.json"
  /// The longest beginning of a name, in bytes; file systems allow 255 in all.
  private static let limit = 200

  /// `<column>FeatureLabelEncoder.json`, safe for any file system.
  ///
  /// ASCII letters, digits, `_`, `-`, and points but for a leading one stand for themselves; every other
  /// byte becomes `%` and two hexadecimal digits. If columns differ only in the case of letters, their
  /// capitals are written like that too. A name that gets too long is truncated, and `~` with the start of
  /// its SHA-256 is added.
  static func name(of column: String, among columns: [String]) -> String {
    let lowercase = lowercased(column)
    let isAmbiguous = columns.lazy.filter { lowercased($0) == lowercase }.count > 1
    let digits = Array("0123456789ABCDEF".utf8)
    var name: [UInt8] = []
    for (index, byte) in column.utf8.enumerated() {
      let isPlain =
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): !isAmbiguous
        case UInt8(ascii: "."): index > 0
        default: false
        }
      if isPlain {
        name.append(byte)
      } else {
        name += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    if name.count > limit {
      let digest = SHA256.hexDigest(of: Array(column.utf8))
      name = name.prefix(limit - 17) + Array("~\(digest.prefix(16))".utf8)
    }
    return String(decoding: name, as: UTF8.self) + ending
  }

  /// The bytes with ASCII capitals made small.
  private static func lowercased(_ text: String) -> [UInt8] {
    text.utf8.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 + 32 : $0 }
  }
}
