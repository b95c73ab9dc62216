import Support
import TestSupport
import Testing

@Suite struct `Settings of the environment` {
  @Test func `settings hold their defaults in an empty environment`() throws {
    let settings = try Settings { _ in nil }
    #expect(settings.cometAPIKey == nil)
    #expect(settings.cometMaxConnections == 8)
    #expect(settings.cometFlushTimeout == 60)
    #expect(!settings.cometOffline)
  }

  @Test func `settings take the original's name of the project before the SDK's`() throws {
    let both = ["COMET_PROJECT": "one", "COMET_PROJECT_NAME": "two"]
    #expect(try Settings { both[$0.name] }.cometProject == "one")
    #expect(try Settings { $0 == .cometProjectName ? "two" : nil }.cometProject == "two")
  }

  @Test func `settings take an empty variable for one that is not set`() throws {
    let settings = try Settings { _ in "" }
    #expect(settings == (try Settings { _ in nil }))
  }

  @Test(arguments: [
    ("COMET_MAX_CONNECTIONS", "0"), ("COMET_MAX_CONNECTIONS", "65"),
    ("COMET_MAX_CONNECTIONS", "2.5"), ("COMET_FLUSH_TIMEOUT", "-1"),
    ("COMET_FLUSH_TIMEOUT", "soon"), ("COMET_OFFLINE", "perhaps"),
  ])
  func `settings refuse a value that breaks its rule, and name it`(name: String, value: String) {
    let error = #expect(throws: SettingsError.self) {
      try Settings { $0.name == name ? value : nil }
    }
    #expect(error?.description.contains(name) == true)
    #expect(error?.description.contains("\"\(value)\"") == true)
  }

  @Test func `settings lose blanks and line ends at both sides`() throws {
    let settings = try Settings {
      ["COMET_PROJECT": " iris\r", "COMET_WORKSPACE": "demo-ws\r\n", "PORT": "\t80 \r"][$0.name]
    }
    #expect(settings.cometProject == "iris")
    #expect(settings.cometWorkspace == "demo-ws")
    #expect(settings.port == 80)
    #expect(try Settings { $0 == .cometProject ? "\r\n" : nil }.cometProject == nil)
  }

  @Test(arguments: [
    (Setting.cometProject, "\"iris\"", "\"iris\""), (.cometWorkspace, "'demo-ws'", "'demo-ws'"),
    (.cometProject, "ir\ris", "ir\\ris"), (.cometURLOverride, "https://a\u{1b}[2J", "a\\u{1b}[2J"),
    (.port, "\"5000\"", "\"5000\""), (.port, "50\u{7}00", "50\\u{7}00"),
    (.cometWorkspace, "a\u{9b}b", "a\\u{9b}b"), (.logLevel, "in\nfo", "in\\nfo"),
  ])
  func `settings refuse quotes and control characters, and show them`(
    setting: Setting, value: String, shown: String
  ) {
    let error = #expect(throws: SettingsError.self) {
      try Settings { $0 == setting ? value : nil }
    }
    let text = error?.description ?? ""
    #expect(text.contains(setting.name) && text.contains(shown))
    #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f ~= $0.value) })
  }

  @Test func `settings never show the key`() throws {
    let key = "k3yk3yk3yk3yk3y"
    let settings = try Settings { $0 == .cometAPIKey ? key : nil }
    var dumped = ""
    dump(settings, to: &dumped)
    #expect(!"\(settings) \(String(reflecting: settings)) \(dumped)".contains(key))
    #expect(settings.cometAPIKey?.reveal() == key)
    let broken = #expect(throws: SettingsError.self) {
      try Settings { $0 == .cometAPIKey ? "two\nlines" : nil }
    }
    #expect(broken?.description.contains("lines") == false)
  }

  @Test func `settings are the ones that env.list.example shows, each with its meaning`() throws {
    var expected = """
      # Settings for `docker run --env-file env.list compare-models`.
      # Lines are NAME=VALUE without quotes; comments stand on lines of their own.

      """
    for setting in Setting.all {
      expected += "\n# \(setting.meaning)\n"
      if let standard = setting.standard { expected += "# Default: \(standard)\n" }
      if setting.isSecret { expected += "# Keep it out of files that others can read.\n" }
      expected += "#\(setting.name)=\n"
    }
    let bytes = try #require(readFile(RepositoryFiles.root + "/env.list.example"))
    #expect(String(decoding: bytes, as: UTF8.self) == expected)
  }
}
