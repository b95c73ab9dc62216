import Testing

@testable import ModelRegistry

@Suite struct `A version in the registry` {
  @Test func `the next version raises the second number and begins the third again`() {
    #expect(SemanticVersion("1.2.3")?.next == SemanticVersion(major: 1, minor: 3, patch: 0))
  }

  @Test func `versions are in the order of their numbers`() throws {
    let texts = ["0.9.9", "1.0.0", "1.0.10", "1.2.0", "1.10.0", "2.0.0", "10.0.0"]
    let versions = try texts.reversed().map { try #require(SemanticVersion($0)) }
    #expect(versions.sorted().map(\.description) == texts)
  }

  @Test(arguments: [
    "", "1", "1.0", "1.0.0.0", "v1.0.0", "1.0.x", "1..0", "-1.0.0", "1.0.9999999999",
  ])
  func `what is not of the form X.Y.Z is no version`(text: String) {
    #expect(SemanticVersion(text) == nil)
  }
}
