/// A part of a page: elements, text, or both.
///
///     li(.class("model")) {
///       b { "5 < 6" }
///       if let link { a(.href(link)) { "its experiment" } }
///     }
///
/// is `<li class="model"><b>5 &lt; 6</b>…</li>`. A string is text, and escaped where it is written; markup
/// comes from the elements in `Elements.swift` alone.
///
/// The value is the bytes themselves and no tree of nodes: a page costs what appending it costs.
public struct HTML: Hashable, Sendable {
  /// The part as it is sent, in UTF-8.
  public internal(set) var bytes: [UInt8] = []

  public init() {}

  /// Text; no character of it is taken for markup.
  public init(_ text: String) { append(text) }

  /// What the builder's block gives, where no element is around it.
  public init(@HTMLBuilder _ content: () -> HTML) { self = content() }

  /// Markup as it stands. The type lets only what our sources spell out be markup, and no value.
  public init(markup: StaticString) {
    bytes = markup.withUTF8Buffer { Array($0) }
  }

  public mutating func append(_ text: String) { bytes.append(escaping: text) }

  public mutating func append(_ other: HTML) { bytes += other.bytes }
}

/// Puts the parts of a block behind one another: elements, strings, and what `if` and `for` say of them.
@resultBuilder public enum HTMLBuilder {
  public static func buildExpression(_ html: HTML) -> HTML { html }
  public static func buildExpression(_ html: HTML?) -> HTML { html ?? HTML() }
  public static func buildExpression(_ parts: [HTML]) -> HTML { buildArray(parts) }
  public static func buildExpression(_ text: String) -> HTML { HTML(text) }
  public static func buildExpression(_ blank: Blank) -> HTML { HTML(blank) }

  public static func buildBlock() -> HTML { HTML() }
  public static func buildPartialBlock(first: HTML) -> HTML { first }
  public static func buildPartialBlock(accumulated: consuming HTML, next: HTML) -> HTML {
    accumulated.append(next)
    return accumulated
  }

  public static func buildOptional(_ html: HTML?) -> HTML { html ?? HTML() }
  public static func buildEither(first html: HTML) -> HTML { html }
  public static func buildEither(second html: HTML) -> HTML { html }
  public static func buildArray(_ parts: [HTML]) -> HTML {
    parts.reduce(into: HTML()) { $0.append($1) }
  }
}
