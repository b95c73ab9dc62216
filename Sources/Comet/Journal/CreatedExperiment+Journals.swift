import JSON
import Support

extension CreatedExperiment {
  /// The experiments that Comet has made for a run folder's journals, by their names.
  ///
  /// Nothing is locked or changed, so that it can be asked of a run that still goes on. Of several
  /// journals for one name the one made last counts; what is no journal is passed over.
  public static func all(inRunFolder path: String) -> [String: CreatedExperiment] {
    let folder = path + "/" + PendingExperiment.folderName
    var found: [String: CreatedExperiment] = [:]
    let journals = ((try? Files.contents(of: folder)) ?? []).filter { $0.hasSuffix(".jsonl") }
    for name in journals.sorted(by: { ($0.utf8.count, $0) < ($1.utf8.count, $1) }) {
      if let (name, experiment) = read(journal: folder + "/" + name) { found[name] = experiment }
    }
    return found
  }

  /// The pages of those experiments, by their names.
  public static func links(inRunFolder path: String) -> [String: String] {
    all(inRunFolder: path).compactMapValues(\.link)
  }

  /// The name in a journal's first line and the experiment in the line that says it was made.
  private static func read(journal path: String) -> (String, CreatedExperiment)? {
    guard let bytes = try? Files.read(path) else { return nil }
    var name: String?
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let isOfInterest = name == nil || line.starts(with: #"{"type":"created""#.utf8)
      guard isOfInterest, let value = try? JSONValue(parsing: line), let payload = value["payload"]
      else { continue }
      guard name != nil else {
        name = payload["name"]?.text
        if name == nil { return nil }
        continue
      }
      guard let name, let key = payload["experimentKey"]?.text else { continue }
      return (name, CreatedExperiment(key: key, link: payload["link"]?.text))
    }
    return nil
  }
}
