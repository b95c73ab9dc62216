/// Writing text so that no character of it is taken for markup.
public enum Escaping {
  public static func escaped(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
        UInt8(ascii: "'"), 0..<0x20, 0x7f...0xff:
        false
      default: true
      }
    }
    if isPlain { return text }
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      case "'": output += "&#39;"
      case "\n", "\t": output.unicodeScalars.append(scalar)
      default:
        // Control characters and what XML forbids become visible instead of breaking the page;
        // overrides of the writing direction would let a name rearrange the text around it.
        output.unicodeScalars.append(isShown(scalar) ? scalar : "\u{fffd}")
      }
    }
    return output
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f...0x9f, 0xfdd0...0xfdef, 0xfffe, 0xffff, 0x202a...0x202e, 0x2066...0x2069:
      false
    default: scalar.value & 0xfffe != 0xfffe
    }
  }
}
