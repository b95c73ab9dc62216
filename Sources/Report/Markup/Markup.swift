/// A piece of HTML or SVG: an element, a text, or several pieces in a row.
///
/// Text and attribute values are escaped when they are written, and there is no way around it, so
/// names that come from a file cannot become markup.
///
///     Markup("p", ["class": "note"], "5 < 6")      // <p class="note">5 &lt; 6</p>
public indirect enum Markup: Sendable {
  case element(name: String, attributes: [Attribute], children: [Markup])
  case text(String)
  case group([Markup])
  /// Rules of our own for how the page looks; they hold no `<` and no `&`, which need no escaping
  /// then, and are the only text that is written as it is.
  case stylesheet(StaticString)

  /// A name and its value; both are written in the order given.
  public struct Attribute: Hashable, Sendable {
    let name: String
    let value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Nothing at all.
  public static var nothing: Markup { .group([]) }

  /// An element around other pieces.
  public init(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup]
  ) {
    self = .element(
      name: name, attributes: attributes.map { Attribute($0.key, $0.value) },
      children: children)
  }

  /// An element around text.
  public init(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ text: String
  ) {
    self.init(name, attributes, [.text(text)])
  }

  /// An element with nothing inside.
  public init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) {
    self.init(name, attributes, [])
  }
}

extension Markup: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self = .text(text) }
}

extension Markup: ExpressibleByArrayLiteral {
  public init(arrayLiteral pieces: Markup...) { self = .group(pieces) }
}

extension Markup {
  /// The piece as text in which HTML and XML agree: elements without children that HTML knows as
  /// void end in `/>`.
  public var rendered: String {
    var output = ""
    write(to: &output)
    return output
  }

  /// A whole page.
  public var renderedPage: [UInt8] { Array(("<!DOCTYPE html>\n" + rendered + "\n").utf8) }

  private func write(to output: inout String) {
    switch self {
    case .group(let pieces):
      for piece in pieces { piece.write(to: &output) }
    case .text(let text):
      Escaping.write(text, to: &output)
    case .stylesheet(let rules):
      output += "<style>"
      output += rules.description
      output += "</style>\n"
    case .element(let name, let attributes, let children):
      output += "<"
      output += name
      for attribute in attributes {
        output += " "
        output += attribute.name
        output += "=\""
        Escaping.write(attribute.value, to: &output)
        output += "\""
      }
      if children.isEmpty, Self.voidElements.contains(name) {
        output += "/>"
        return
      }
      output += ">"
      for child in children { child.write(to: &output) }
      output += "</"
      output += name
      output += ">"
      if Self.blocks.contains(name) { output += "\n" }
    }
  }

  /// Elements that never have children: HTML's void ones and SVG's shapes.
  private static let voidElements: Set<String> = [
    "br", "wbr", "meta", "link", "input", "col", "path", "line", "rect", "circle", "polygon",
    "polyline",
  ]

  /// Elements after which a line ends, so that the file can be read and compared line by line.
  private static let blocks: Set<String> = [
    "head", "meta", "title", "style", "header", "main", "section", "figure", "figcaption", "svg",
    "g", "p", "ul", "li", "table", "thead", "tbody", "tr", "details", "summary", "h1", "h2", "h3",
    "dl", "dd", "div", "nav", "footer",
  ]
}

/// Writing text so that no character of it is taken for markup.
package enum Escaping {
  package static func write(_ text: String, to output: inout String) {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
        UInt8(ascii: "'"), 0..<0x20, 0x7f...0xff:
        false
      default: true
      }
    }
    if isPlain {
      output += text
      return
    }
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
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f...0x9f, 0xfdd0...0xfdef, 0xfffe, 0xffff, 0x202a...0x202e, 0x2066...0x2069:
      false
    default: scalar.value & 0xfffe != 0xfffe
    }
  }
}
