/// An element with content: `p(.class("note")) { "text" }`.
public struct Element: Sendable {
  let name: StaticString

  init(_ name: StaticString) { self.name = name }

  public func callAsFunction(
    _ attributes: Attribute..., @HTMLBuilder content: () -> HTML
  ) -> HTML {
    var html = HTML()
    html.appendTag(name, attributes)
    html.append(byte: ">")
    html.append(content())
    html.append(raw: "</")
    html.append(raw: name)
    html.append(byte: ">")
    return html
  }
}

/// An element that cannot have content: `wbr()`.
public struct VoidElement: Sendable {
  let name: StaticString

  init(_ name: StaticString) { self.name = name }

  public func callAsFunction(_ attributes: Attribute...) -> HTML {
    var html = HTML()
    html.appendTag(name, attributes)
    html.append(raw: "/>")
    return html
  }
}

extension HTML {
  /// The beginning of a tag, up to its last attribute.
  fileprivate mutating func appendTag(_ name: StaticString, _ attributes: [Attribute]) {
    append(byte: "<")
    append(raw: name)
    for attribute in attributes {
      guard let value = attribute.value else { continue }
      append(byte: " ")
      append(raw: attribute.name)
      append(raw: "=\"")
      switch value {
      case .text(let text): append(text)
      case .blank(let blank): append(HTML(blank))
      }
      append(byte: "\"")
    }
  }

  fileprivate mutating func append(byte: Unicode.Scalar) { bytes.append(UInt8(ascii: byte)) }

  fileprivate mutating func append(raw text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }
}
