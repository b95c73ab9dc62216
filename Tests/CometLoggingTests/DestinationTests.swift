import Support
import Testing

@testable import CometLogging

@Suite struct `The destination of logs` {
  @Test func `logs stay offline without a key, on request, and where the settings say so`() throws {
    func destination(offline: Bool = false, _ values: [Setting: String]) throws -> CometDestination
    {
      try CometDestination(Settings { values[$0] }, isOffline: offline, program: "test")
    }
    let key = [Setting.cometAPIKey: "0123456789abcdef"]
    #expect(try destination([:]).connection == nil)
    #expect(try destination(key).connection != nil)
    #expect(try destination(offline: true, key).connection == nil)
    #expect(try destination(key.merging([.cometOffline: "true"]) { $1 }).connection == nil)
  }

  @Test func `what needs Comet is refused without a connection`() throws {
    let none = try Settings { _ in nil }
    let required = #expect(throws: ConfigurationError.self) {
      try CometDestination(none, isRequired: true, program: "test")
    }
    #expect(required?.description.hasPrefix("--require-comet needs COMET_API_KEY") == true)
    let register = #expect(throws: ConfigurationError.self) {
      try CometDestination(none, program: "test").connectionToRegister()
    }
    #expect(register?.description.hasPrefix("--register needs COMET_API_KEY") == true)
    let key = try Settings { [.cometAPIKey: "0123456789abcdef"][$0] }
    _ = try CometDestination(key, isRequired: true, program: "test").connectionToRegister()
  }

  @Test(
    arguments: [
      ("", nil, false, "--comet-workspace must be a name."),
      (nil, "", false, "--comet-project must be a name."),
      (nil, nil, true, "--offline and --require-comet exclude each other."),
    ] as [(String?, String?, Bool, String)])
  func `options for the destination of logs that have no meaning are refused`(
    workspace: String?, project: String?, isBoth: Bool, problem: String
  ) {
    let error = #expect(throws: ConfigurationError.self) {
      try CometDestination.check(
        workspace: workspace, project: project, isOffline: isBoth, isRequired: isBoth)
    }
    #expect(error?.description == problem)
  }

  @Test func `options for the destination of logs come before settings`() throws {
    let settings = try Settings { [.cometWorkspace: "w", .cometProject: "p"][$0] }
    let standard = try CometDestination(settings, program: "test")
    #expect(standard.workspace == "w")
    #expect(standard.project == "p")
    let typed = try CometDestination(
      settings, workspace: "v", project: "q", program: "test")
    #expect(typed.workspace == "v")
    #expect(typed.project == "q")
    #expect(try CometDestination(Settings { _ in nil }, program: "t").project == "compare-models")
  }
}
