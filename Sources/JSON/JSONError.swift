public import Support

/// Text that is not JSON, or JSON that is not what was expected, and where.
public struct JSONError: ExitStatusProviding, Hashable, CustomStringConvertible {
  public enum Place: Hashable, Sendable {
    /// The byte at which the text is not JSON, counted from 0.
    case byte(Int)
    /// The path to a value that is not the expected one, such as `models[0].name`; empty for the whole.
    case value(String)
  }

  public let place: Place
  public let problem: String

  public init(_ place: Place, problem: String) {
    self.place = place
    self.problem = problem
  }

  init(position: Int, problem: String) { self.init(.byte(position), problem: problem) }

  public var exitStatus: Int32 { 65 }

  /// The byte at which the text is not JSON; `nil` where it is, but not what was expected.
  public var position: Int? {
    if case .byte(let position) = place { position } else { nil }
  }

  public var description: String {
    switch place {
    case .byte(let position): "byte \(position): \(problem)"
    case .value(""): problem
    case .value(let path): "\(path): \(problem)"
    }
  }
}
