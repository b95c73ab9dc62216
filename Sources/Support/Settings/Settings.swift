/// The environment, read and checked.
public struct Settings: Hashable, Sendable {
  public let cometAPIKey: APIKey?
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
  /// One of ``unknownCategories``.
  public let unknownCategory: String
  public let cometMonitor: Bool
  /// One of ``logFormats``.
  public let logFormat: String
  /// One of ``logLevels``.
  public let logLevel: String

  public static let unknownCategories = ["error", "missing", "ignore"]
  public static let logFormats = ["text", "json"]
  public static let logLevels = ["error", "warning", "info", "debug"]

  /// - Parameter value: what a variable has; the process's own unless told otherwise.
  public init(_ value: (Setting) -> String? = \.value) throws(SettingsError) {
    // An empty variable says nothing: `docker --env-file` cannot leave one out. It keeps the line ends of Windows.
    func text(_ setting: Setting) -> String? {
      guard var value = value(setting)?[...] else { return nil }
      while value.first?.isWhitespace == true { value.removeFirst() }
      while value.last?.isWhitespace == true { value.removeLast() }
      return value.isEmpty ? nil : String(value)
    }
    func name(_ settings: Setting...) throws(SettingsError) -> String? {
      guard let setting = settings.first(where: { text($0) != nil }), let text = text(setting)
      else {
        return nil
      }
      // Quotes belong to a shell; `docker --env-file` passes them on.
      guard !text.contains("\""), text.first != "'", text.last != "'", !text.hasControls else {
        throw SettingsError(setting, mustBe: "without quotes and control characters", was: text)
      }
      return text
    }
    func truth(_ setting: Setting) throws(SettingsError) -> Bool? {
      switch text(setting)?.lowercased() {
      case nil: return nil
      case "true", "yes", "1": return true
      case "false", "no", "0": return false
      case .some(let other): throw SettingsError(setting, mustBe: "true or false", was: other)
      }
    }
    func choice(_ setting: Setting, _ choices: [String]) throws(SettingsError) -> String? {
      let chosen = text(setting)?.lowercased()
      guard let chosen, !choices.contains(chosen) else { return chosen }
      throw SettingsError(
        setting, mustBe: "one of \(choices.joined(separator: ", "))", was: chosen)
    }
    func number(
      _ setting: Setting, _ range: ClosedRange<Int>, whole: Bool = false
    ) throws(SettingsError) -> Double? {
      guard let text = text(setting) else { return nil }
      let bounds = Double(range.lowerBound)...Double(range.upperBound)
      guard let number = Double(text), bounds.contains(number), !whole || number == number.rounded()
      else {
        let kind = whole ? "a whole number" : "a number"
        let limits = "from \(range.lowerBound) to \(range.upperBound)"
        throw SettingsError(setting, mustBe: "\(kind) \(limits)", was: text)
      }
      return number
    }

    let key = text(.cometAPIKey)
    // What has control characters would end the header that it is sent in.
    if let key, !key.utf8.allSatisfy({ 0x21...0x7e ~= $0 }) {
      throw SettingsError(
        .cometAPIKey, mustBe: "of letters, digits and signs without spaces", was: key)
    }
    cometAPIKey = key.map(APIKey.init)
    cometWorkspace = try name(.cometWorkspace)
    cometProject = try name(.cometProject, .cometProjectName)
    cometURLOverride = try name(.cometURLOverride)
    cometOffline = try truth(.cometOffline) ?? false
    cometMaxConnections = Int(try number(.cometMaxConnections, 1...64, whole: true) ?? 8)
    cometFlushTimeout = try number(.cometFlushTimeout, 0...86400) ?? 60
    certificateFile = try name(.curlCABundle, .sslCertFile)
    certificateFolder = try name(.sslCertDir)
    port = Int(try number(.port, 0...65535, whole: true) ?? 5000)
    modelRefreshSeconds = try number(.modelRefreshSeconds, 0...86400) ?? 300
    unknownCategory = try choice(.unknownCategory, Self.unknownCategories) ?? "error"
    cometMonitor = try truth(.cometMonitor) ?? false
    logFormat = try choice(.logFormat, Self.logFormats) ?? "text"
    logLevel = try choice(.logLevel, Self.logLevels) ?? "info"
  }
}
