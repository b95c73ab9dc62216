extension [UInt8] {
  /// Appends text so that no character of it is taken for markup, between tags or in an attribute.
  mutating func append(escaping text: String) {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
        UInt8(ascii: "'"), 0..<0x20, 0x7f...0xff:
        false
      default: true
      }
    }
    if isPlain {
      append(contentsOf: text.utf8)
      return
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": append(contentsOf: "&amp;".utf8)
      case "<": append(contentsOf: "&lt;".utf8)
      case ">": append(contentsOf: "&gt;".utf8)
      case "\"": append(contentsOf: "&quot;".utf8)
      case "'": append(contentsOf: "&#39;".utf8)
      default:
        // Control characters and what XML forbids become visible instead of breaking the page;
        // overrides of the writing direction would let a name rearrange the text around it.
        append(contentsOf: (isShown(scalar) ? scalar : "\u{fffd}").utf8)
      }
    }
  }
}

private func isShown(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x9, 0xa: true
  case 0..<0x20, 0x7f...0x9f, 0xfdd0...0xfdef, 0xfffe, 0xffff, 0x202a...0x202e, 0x2066...0x2069:
    false
  default: scalar.value & 0xfffe != 0xfffe
  }
}
