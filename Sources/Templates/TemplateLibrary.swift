import Mustache

/// Templates that belong together, parsed once.
public struct TemplateLibrary: Sendable {
  private let library: MustacheLibrary

  /// Templates under their names, each in the Mustache language; they come with the program, so that
  /// one that cannot be parsed is a mistake in it.
  public init(_ sources: [String: [UInt8]]) {
    MustacheContentTypes.register(PageContent(), named: "PAGE")
    var library = MustacheLibrary()
    for (name, source) in sources {
      // Every template says how its values are escaped, since the library falls back to its own way
      // in each.
      let text = "{{% CONTENT_TYPE:PAGE}}\n" + String(decoding: source, as: UTF8.self)
      do {
        try library.register(text, named: name)
      } catch {
        preconditionFailure("template \(name): \(error)")
      }
    }
    self.library = library
  }

  /// The piece as HTML.
  public func html(_ piece: Piece) -> String {
    guard let name = piece.child(named: "template") as? String,
      let text = library.render(piece, withTemplate: name)
    else { preconditionFailure("there is no template for \(piece)") }
    return text
  }
}

/// Values of elements and attributes: no character of them is taken for markup.
private struct PageContent: MustacheContentType {
  func escapeText(_ text: String) -> String { Escaping.escaped(text) }
}
