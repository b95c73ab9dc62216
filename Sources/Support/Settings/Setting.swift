#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// One environment variable that the programs read.
public struct Setting: Hashable, Sendable {
  public let name: String
  /// What it is for, in a sentence.
  public let meaning: String
  /// What holds when it is not set, for people to read; `nil` where nothing does.
  public let standard: String?
  /// Whether its value must never be shown or written.
  public let isSecret: Bool

  init(_ name: String, _ meaning: String, standard: String? = nil, isSecret: Bool = false) {
    self.name = name
    self.meaning = meaning
    self.standard = standard
    self.isSecret = isSecret
  }

  /// What the process's environment has. Nothing else reads it.
  public var value: String? { getenv(name).map { String(cString: $0) } }
}

extension Setting {
  /// Every variable, in the order in which `env.list.example` shows them.
  public static let all: [Setting] = [
    cometAPIKey, cometWorkspace, cometProject, cometProjectName, cometURLOverride, cometOffline,
    cometMaxConnections, cometFlushTimeout, curlCABundle, sslCertFile, sslCertDir, noColor,
    port, modelRefreshSeconds, unknownCategory, cometMonitor, logFormat, logLevel,
  ]

  public static let cometAPIKey = Setting(
    "COMET_API_KEY",
    "The key of your Comet account; without it, what would be sent is kept in archives.",
    isSecret: true)
  public static let cometWorkspace = Setting(
    "COMET_WORKSPACE", "The Comet workspace that runs go to.",
    standard: "the account's default workspace")
  public static let cometProject = Setting(
    "COMET_PROJECT", "The Comet project that runs go to.", standard: "compare-models")
  public static let cometProjectName = Setting(
    "COMET_PROJECT_NAME", "The same under the name that Comet's own SDK uses; COMET_PROJECT wins.")
  public static let cometURLOverride = Setting(
    "COMET_URL_OVERRIDE",
    "The address of another Comet server; only its scheme, host and port are used.",
    standard: "https://www.comet.com")
  public static let cometOffline = Setting(
    "COMET_OFFLINE", "true keeps everything in archives even where there is a key.",
    standard: "false")
  public static let cometMaxConnections = Setting(
    "COMET_MAX_CONNECTIONS", "How many requests to Comet are under way at once, from 1 to 64.",
    standard: "8")
  public static let cometFlushTimeout = Setting(
    "COMET_FLUSH_TIMEOUT",
    "How many seconds the end of a run waits for what Comet has not taken yet, from 0 to 86400.",
    standard: "60")
  public static let curlCABundle = Setting(
    "CURL_CA_BUNDLE", "A file of certificates to trust instead of the system's.")
  public static let sslCertFile = Setting(
    "SSL_CERT_FILE", "The same, where CURL_CA_BUNDLE is not set.")
  public static let sslCertDir = Setting(
    "SSL_CERT_DIR", "A folder of certificates to trust instead of the system's.")
  public static let noColor = Setting(
    "NO_COLOR", "Any value keeps colour and bold out of the table.")
  public static let port = Setting(
    "PORT", "The port that the web service listens at, from 0 to 65535; 0 takes any that is free.",
    standard: "5000")
  public static let modelRefreshSeconds = Setting(
    "MODEL_REFRESH_SECONDS",
    "How many seconds the web service waits between two looks for a newer model, from 0 to 86400; "
      + "0 for never.",
    standard: "300")
  public static let unknownCategory = Setting(
    "UNKNOWN_CATEGORY",
    "What the web service makes of a category that training did not have: error; missing, where training "
      + "had missing values in the column; or ignore, in models that encode names one-hot.",
    standard: "error")
  public static let cometMonitor = Setting(
    "COMET_MONITOR",
    "true lets the web service log what it was asked to Comet, at most once a minute.",
    standard: "false")
  public static let logFormat = Setting(
    "LOG_FORMAT", "How the web service writes its log: text or json.", standard: "text")
  public static let logLevel = Setting(
    "LOG_LEVEL",
    "What the web service logs: error, warning, info, or debug, which has a line for each request.",
    standard: "info")

  // What a scheduler sets, not a user.
  public static let jobCompletionIndex = Setting(
    "JOB_COMPLETION_INDEX", "Which pod of a Kubernetes Indexed Job this is, counted from 0.")
  public static let jobCompletions = Setting(
    "JOB_COMPLETIONS", "How many pods the Indexed Job has; its manifest sets it.")
  public static let slurmArrayTaskID = Setting(
    "SLURM_ARRAY_TASK_ID", "Which task of a Slurm array this is.")
  public static let slurmArrayTaskCount = Setting(
    "SLURM_ARRAY_TASK_COUNT", "How many tasks the array has.")
  public static let slurmArrayTaskMin = Setting(
    "SLURM_ARRAY_TASK_MIN", "The number of the array's first task.")
  public static let slurmArrayTaskStep = Setting(
    "SLURM_ARRAY_TASK_STEP", "The step between the numbers of its tasks.")
}

/// An environment variable with a value that breaks its rule.
public struct SettingsError: ExitStatusProviding, Hashable, CustomStringConvertible {
  public let setting: Setting
  public let rule: String
  /// What was found, without control characters; never that of a secret.
  public let value: String?

  init(_ setting: Setting, mustBe rule: String, was value: String) {
    self.setting = setting
    self.rule = rule
    self.value = setting.isSecret ? nil : value.escapingControls()
  }

  public var description: String {
    "\(setting.name) must be \(rule)" + (value.map { ", was \"\($0)\"" } ?? "")
  }
  public var exitStatus: Int32 { 78 }
}

/// Settings that do not fit what is asked for.
public struct ConfigurationError: ExitStatusProviding, Hashable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
  public var exitStatus: Int32 { 78 }
}
