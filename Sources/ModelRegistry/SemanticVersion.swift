/// A version of a registered model: `X.Y.Z`.
///
/// - SeeAlso: https://semver.org, of which the registry takes the three numbers.
public struct SemanticVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let major: Int
  public let minor: Int
  public let patch: Int

  public static let first = SemanticVersion(major: 1, minor: 0, patch: 0)

  /// The next one: a new model that replaces the last.
  public var next: SemanticVersion { SemanticVersion(major: major, minor: minor + 1, patch: 0) }

  public var description: String { "\(major).\(minor).\(patch)" }

  public static func < (first: SemanticVersion, second: SemanticVersion) -> Bool {
    (first.major, first.minor, first.patch) < (second.major, second.minor, second.patch)
  }
}

extension SemanticVersion {
  /// `nil` where the text is no such version.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in
      part.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ? Int32(part) : nil
    }
    guard parts.count == 3, numbers.count == 3 else { return nil }
    self.init(major: Int(numbers[0]), minor: Int(numbers[1]), patch: Int(numbers[2]))
  }
}
