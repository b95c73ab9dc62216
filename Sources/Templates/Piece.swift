import Mustache

/// The values that one template is filled with.
///
///     Piece(template: "note", ["text": "5 < 6"])
///
/// with `<p class="note">{{.text}}</p>` as that template is `<p class="note">5 &lt; 6</p>`.
///
/// A template writes a piece that it holds as `{{#.figure}}{{>*.template}}{{/.figure}}`, and several
/// in a row in the same way. Names in templates begin with a point: they are then looked for in the
/// piece at hand alone, not in the pieces around it.
public struct Piece: MustacheParent, Sendable {
  private var values: [String: any Value]

  /// A value for a name in a template.
  public protocol Value: Sendable {}

  /// - Parameters:
  ///   - template: the template's name.
  ///   - values: by name; those that are `nil` are left out.
  public init(template: String, _ values: KeyValuePairs<String, (any Value)?> = [:]) {
    self.init(values)
    self.values["template"] = template
  }

  /// Values for a part of the template that holds them.
  public init(_ values: KeyValuePairs<String, (any Value)?>) {
    self.values = Dictionary(minimumCapacity: values.count + 1)
    for (name, value) in values {
      if let value { self.values[name] = value }
    }
  }

  public func child(named name: String) -> Any? { values[name] }
}

extension Piece: Piece.Value {}
extension String: Piece.Value {}
extension Bool: Piece.Value {}
extension Array: Piece.Value where Element: Piece.Value {}
