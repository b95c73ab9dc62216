/// The environment, read and checked.
public struct Settings: Hashable, Sendable {
  public let cometAPIKey: Secret?
  public let cometWorkspace: String?
  public let cometProject: String?
  public let cometURLOverride: String?
  public let cometOffline: Bool
  public let cometMaxConnections: Int
  /// In seconds.
  public let cometFlushTimeout: Double
  public let certificateFile: String?
  public let certificateFolder: String?
  public let port: Int
  /// In seconds; 0 for never.
  public let modelRefreshSeconds: Double
  public let cometMonitor: Bool
  /// One of ``logFormats``.
  public let logFormat: String
  /// One of ``logLevels``.
  public let logLevel: String

  public static let logFormats = ["text", "json"]
  public static let logLevels = ["error", "warning", "info", "debug"]

  /// - Parameter value: what a variable has; the process's own unless told otherwise.
  public init(_ value: (Setting) -> String? = \.value) throws(SettingsError) {
    // An empty variable says nothing: `docker --env-file` cannot leave one out.
    func text(_ setting: Setting) -> String? {
      value(setting).flatMap { $0.isEmpty ? nil : $0 }
    }
    let key = text(.cometAPIKey)
    // What has control characters would end the header that it is sent in.
    if let key, !key.utf8.allSatisfy({ 0x21...0x7e ~= $0 }) {
      throw SettingsError(
        .cometAPIKey, mustBe: "of letters, digits and signs without spaces", was: key)
    }
    cometAPIKey = key.map(Secret.init)
    cometWorkspace = text(.cometWorkspace)
    cometProject = text(.cometProject) ?? text(.cometProjectName)
    cometURLOverride = text(.cometURLOverride)
    cometOffline = try Self.truth(.cometOffline, text(.cometOffline)) ?? false
    cometMaxConnections = Int(
      try Self.number(.cometMaxConnections, text(.cometMaxConnections), 1...64, whole: true) ?? 8)
    cometFlushTimeout =
      try Self.number(.cometFlushTimeout, text(.cometFlushTimeout), 0...86400, whole: false) ?? 60
    certificateFile = text(.curlCABundle) ?? text(.sslCertFile)
    certificateFolder = text(.sslCertDir)
    port = Int(try Self.number(.port, text(.port), 0...65535, whole: true) ?? 5000)
    modelRefreshSeconds =
      try Self.number(.modelRefreshSeconds, text(.modelRefreshSeconds), 0...86400, whole: false)
      ?? 300
    cometMonitor = try Self.truth(.cometMonitor, text(.cometMonitor)) ?? false
    logFormat = try Self.choice(.logFormat, text(.logFormat), Self.logFormats) ?? "text"
    logLevel = try Self.choice(.logLevel, text(.logLevel), Self.logLevels) ?? "info"
  }

  private static func choice(
    _ setting: Setting, _ text: String?, _ choices: [String]
  ) throws(SettingsError) -> String? {
    guard let text = text?.lowercased() else { return nil }
    guard choices.contains(text) else {
      throw SettingsError(
        setting, mustBe: "one of \(choices.joined(separator: ", "))", was: text)
    }
    return text
  }

  private static func truth(_ setting: Setting, _ text: String?) throws(SettingsError) -> Bool? {
    guard let text else { return nil }
    switch text.lowercased() {
    case "true", "yes", "1": return true
    case "false", "no", "0": return false
    default: throw SettingsError(setting, mustBe: "true or false", was: text)
    }
  }

  private static func number(
    _ setting: Setting, _ text: String?, _ range: ClosedRange<Double>, whole: Bool
  ) throws(SettingsError) -> Double? {
    guard let text else { return nil }
    guard let number = Double(text), range.contains(number), !whole || number == number.rounded()
    else {
      let kind = whole ? "a whole number" : "a number"
      let bounds = "from \(Int(range.lowerBound)) to \(Int(range.upperBound))"
      throw SettingsError(setting, mustBe: "\(kind) \(bounds)", was: text)
    }
    return number
  }
}
