/// JSON that is not what it must be, and where.
public struct JSONError: Error, Hashable, CustomStringConvertible {
  public enum Place: Hashable, Sendable {
    /// The byte at which text is no JSON, counted from 0.
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

  /// The byte at which text is no JSON; `nil` where it is, but not what was expected.
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
