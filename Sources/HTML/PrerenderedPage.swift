/// A page that is rendered once, with blanks that are filled in for each request.
///
///     let page = PrerenderedPage<Field> { blank in
///       p(.class("answer")) { "It is "; blank(.name) }
///     }
///     let bytes = page.filled { field, html in
///       switch field { case .name: html.append(name) }
///     }
///
/// `Field` names what differs; a field may be filled in at several places.
public struct PrerenderedPage<Field: Sendable>: Sendable {
  /// What stands before each blank.
  private var parts: [(before: ArraySlice<UInt8>, field: Field)] = []
  private let end: ArraySlice<UInt8>

  public init(_ page: (_ blank: (Field) -> Blank) -> HTML) {
    var fields: [Field] = []
    let bytes = page { field in
      fields.append(field)
      return Blank(number: fields.count - 1)
    }.bytes
    var rest = bytes[...]
    while let place = rest.firstIndex(of: Blank.mark) {
      let digits = rest[(place + 1)...].prefix { $0 != Blank.mark }
      let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
      parts.append((rest[..<place], fields[number]))
      rest = rest[(digits.endIndex + 1)...]
    }
    end = rest
  }

  /// The page with every blank filled in.
  ///
  /// - Parameter fill: appends what a field is now.
  public func filled(_ fill: (Field, inout HTML) -> Void) -> HTML {
    var html = HTML()
    html.bytes.reserveCapacity(end.endIndex + 512)
    for (before, field) in parts {
      html.bytes += before
      fill(field, &html)
    }
    html.bytes += end
    return html
  }
}

/// A place in a page where something is filled in later, as text or as an attribute's value.
public struct Blank: Sendable {
  fileprivate let number: Int

  /// Stands before and behind a blank's number. No text in UTF-8 has this byte.
  fileprivate static let mark: UInt8 = 0xff
}

extension HTML {
  init(_ blank: Blank) {
    bytes = [Blank.mark] + String(blank.number).utf8 + [Blank.mark]
  }
}
