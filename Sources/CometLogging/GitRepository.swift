import Comet
import Support

/// What Git knows of the current folder, read from its own files: starting `git` would take longer than
/// all of it.
enum GitRepository {
  /// `nil` where there is no repository, or none with a commit.
  static func metadata(of folder: String = ".") -> ExperimentEvent.GitMetadata? {
    guard let git = gitFolder(from: folder), let head = Files.firstLine(git + "/HEAD") else {
      return nil
    }
    // A worktree has its HEAD in a folder of its own, and the rest in the repository's.
    let common = Files.firstLine(git + "/commondir").map { resolved($0, from: git) } ?? git
    let config = Files.text(common + "/config").map(Config.init)
    var branch: String?
    var commit: String? = head
    if head.hasPrefix("ref: ") {
      let name = String(head.dropFirst("ref: ".count))
      branch = name
      commit = Files.firstLine(common + "/" + name) ?? packedCommit(name, in: common)
    }
    guard let commit, commit.count >= 40, commit.allSatisfy(\.isHexDigit) else { return nil }
    let tracked = branch.flatMap { name -> String? in
      let short = name.split(separator: "/").dropFirst(2).joined(separator: "/")
      return config?.value("branch \"\(short)\"", "remote")
    }
    let origin = config?.value("remote \"\(tracked ?? "origin")\"", "url")
    return ExperimentEvent.GitMetadata(
      user: config?.value("user", "name"), branch: branch, parent: commit,
      origin: origin.map(withoutSecrets))
  }

  /// The `.git` folder of this folder or of one above it.
  private static func gitFolder(from folder: String) -> String? {
    guard var path = Files.absolute(folder) else { return nil }
    while true {
      let candidate = path + "/.git"
      if Files.isFolder(candidate) { return candidate }
      if let line = Files.firstLine(candidate), line.hasPrefix("gitdir: ") {
        return resolved(String(line.dropFirst("gitdir: ".count)), from: path)
      }
      guard let slash = path.lastIndex(of: "/"), !path.isEmpty else { return nil }
      path = String(path[..<slash])
      if path.isEmpty { return Files.isFolder("/.git") ? "/.git" : nil }
    }
  }

  /// A path that may be relative to a folder.
  private static func resolved(_ path: String, from folder: String) -> String {
    path.hasPrefix("/") ? path : folder + "/" + path
  }

  private static func packedCommit(_ name: String, in common: String) -> String? {
    Files.text(common + "/packed-refs")?.split(separator: "\n")
      .first { $0.hasSuffix(" " + name) }
      .map { String($0.prefix { $0 != " " }) }
  }

  /// The address without the name and password that it may carry.
  private static func withoutSecrets(_ address: String) -> String {
    guard let scheme = address.firstRange(of: "://") else { return address }
    let rest = address[scheme.upperBound...]
    let host = rest.prefix { $0 != "/" }
    guard let at = host.lastIndex(of: "@") else { return address }
    return address[..<scheme.upperBound] + String(rest[rest.index(after: at)...])
  }

  /// Git's configuration, as far as it is needed: sections, and `name = value` lines.
  private struct Config {
    private var values: [String: String] = [:]

    init(_ text: String) {
      var section = ""
      for line in text.split(whereSeparator: \.isNewline) {
        let line = line.drop(while: \.isWhitespace)
        if line.hasPrefix("["), let end = line.lastIndex(of: "]") {
          section = String(line[line.index(after: line.startIndex)..<end])
        } else if let equals = line.firstIndex(of: "=") {
          let name = Self.trimmed(line[..<equals]).lowercased()
          values[section + "\n" + name] = Self.trimmed(line[line.index(after: equals)...])
        }
      }
    }

    func value(_ section: String, _ name: String) -> String? { values[section + "\n" + name] }

    private static func trimmed(_ text: Substring) -> String {
      var text = text.drop(while: \.isWhitespace)
      while text.last?.isWhitespace == true { text.removeLast() }
      return String(text)
    }
  }
}
