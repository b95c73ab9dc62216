/// The key of an account: printed in any way, it is a row of stars.
public struct APIKey: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let raw: String

  public init(_ raw: String) { self.raw = raw }

  /// The key itself, for the few places that need it.
  public func reveal() -> String { raw }

  /// The text with every occurrence of the key replaced by stars.
  public func redacting(_ text: String) -> String {
    raw.isEmpty ? text : text.replacing(raw, with: description)
  }

  public var description: String { "********" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
