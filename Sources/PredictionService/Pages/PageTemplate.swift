import Templates

/// A page that is rendered once, with places for what differs from one request to the next.
struct PageTemplate: Sendable {
  private let pieces: [[UInt8]]
  private let places: [Int]

  /// Stands in the page where something is to be filled in: as a text, or as an attribute's value.
  ///
  /// The character is of Unicode's private use area, which no page of ours has a use for.
  static func place(_ number: Int) -> String { "\u{e000}\(number)\u{e001}" }

  /// - Parameter bytes: the page, rendered, with its places.
  init(_ bytes: [UInt8]) {
    let start = Array("\u{e000}".utf8)
    let end = Array("\u{e001}".utf8)
    var pieces: [[UInt8]] = []
    var places: [Int] = []
    var piece: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index...].starts(with: start) {
        var number = 0
        index += start.count
        while !bytes[index...].starts(with: end) {
          number = number * 10 + Int(bytes[index] - UInt8(ascii: "0"))
          index += 1
        }
        index += end.count
        pieces.append(piece)
        places.append(number)
        piece = []
      } else {
        piece.append(bytes[index])
        index += 1
      }
    }
    self.pieces = pieces + [piece]
    self.places = places
  }

  /// What is filled in.
  enum Content {
    /// Is escaped.
    case text(String)
    /// Is rendered already.
    case markup([UInt8])
  }

  /// The page with `contents[n]` in place *n*.
  func filled(_ contents: [Content]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(pieces.reduce(512) { $0 + $1.count })
    for (piece, place) in zip(pieces, places) {
      bytes += piece
      switch contents[place] {
      case .text(let text): bytes += Escaping.escaped(text).utf8
      case .markup(let markup): bytes += markup
      }
    }
    bytes += pieces[places.count]
    return bytes
  }
}
