import Dispatch
import JSON
import Support
import TestSupport
import Testing

@testable import Comet

/// The names that each kind of message has in the schemas of comet_ml 3.58.8, and those it must have.
private let schemas: [String: (required: Set<String>, allowed: Set<String>)] = [
  "metric_msg": (
    ["local_timestamp", "metric"], ["context", "local_timestamp", "message_id", "metric"]
  ),
  "parameter_msg": (
    ["local_timestamp", "param"], ["context", "local_timestamp", "message_id", "param"]
  ),
  "log_other": (["key", "value"], ["key", "value", "message_id"]),
  "htmlOverride": (["htmlOverride"], ["htmlOverride", "message_id"]),
  "file_upload": (
    ["additional_params", "file_path", "local_timestamp", "upload_type"],
    [
      "additional_params", "file_path", "local_timestamp", "upload_type", "metadata", "clean",
      "message_id",
    ]
  ),
  "standard_output": (
    ["output", "stderr", "local_timestamp"],
    ["output", "stderr", "local_timestamp", "context", "message_id"]
  ),
  "system_details": (
    [
      "pid", "hostname", "os", "os_type", "os_release", "machine", "processor",
      "python_version_verbose", "python_version", "user", "ip", "command", "python_exe", "env",
    ],
    [
      "pid", "hostname", "os", "os_type", "os_release", "machine", "processor",
      "python_version_verbose", "python_version", "user", "ip", "command", "python_exe", "env",
      "message_id",
    ]
  ),
  "system_info": (["system_info"], ["system_info", "message_id"]),
  "git_metadata": (["git_metadata"], ["git_metadata", "message_id"]),
]

private func names(_ value: JSONValue?) -> Set<String> { Set(value?.members?.map(\.name) ?? []) }

@Suite struct `An archive` {
  private func written(
    _ journal: ExperimentJournal, _ folder: TemporaryFolder
  ) throws -> (experiment: JSONValue, messages: [JSONValue], reader: ZipReader) {
    let path = folder.path + "/comet/" + OfflineArchive.name(for: journal)
    try OfflineArchive.write(journal, folder: folder.path, to: path)
    let reader = try ZipReader(path)
    let experiment = try JSONValue(parsing: reader.bytes(of: "experiment.json", limit: 1 << 20))
    let lines = try reader.bytes(of: "messages.json", limit: 1 << 20)
    return (
      experiment,
      try lines.split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: $0) }, reader
    )
  }

  // libzip 1.7.3 refused one of several that were opened at the same moment, when they were a process's
  // first.
  @Test func `archives are whole when others are written at the same moment`() throws {
    let (folder, journal) = try Sample.runFolder()
    let expected = try written(journal, folder).messages
    let paths = (0..<32).map { "\(folder.path)/comet/\($0).zip" }
    let errors = Mutex<[any Error]>([])
    DispatchQueue.concurrentPerform(iterations: paths.count) { index in
      do {
        try OfflineArchive.write(journal, folder: folder.path, to: paths[index])
      } catch {
        errors.withLock { $0.append(error) }
      }
    }
    #expect(errors.withLock(\.self).map { "\($0)" } == [])
    for path in paths {
      let lines = try ZipReader(path).bytes(of: "messages.json", limit: 1 << 20)
        .split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: $0) }
      #expect(lines == expected)
    }
  }

  @Test func `an archive has the lines of an offline experiment of Comet's SDK`() throws {
    let (folder, journal) = try Sample.runFolder()
    let (experiment, messages, reader) = try written(journal, folder)
    #expect(
      experiment.description
        == #"{"offline_id":"0123456789abcdef0123456789abcdef","project_name":"p","#
        + #""workspace":"demo-ws","start_time":1001,"tags":["RandomForest"],"stop_time":1005,"#
        + #""resume_strategy":"create","customer_error_reported":false,"#
        + #""customer_error_message":null,"user_provided_experiment_key":false,"#
        + #""comet_start_sourced":false}"#)
    // The name before all others, and the Swift version as a message of its own.
    #expect(messages.count == Sample.events.count + 2)
    for (index, message) in messages.enumerated() {
      let type = try #require(message["type"]?.text)
      let payload = try #require(message["payload"])
      let schema = try #require(schemas[type], "\(type)")
      #expect(names(message) == ["type", "payload"])
      #expect(schema.required.isSubset(of: names(payload)), "\(type)")
      #expect(names(payload).isSubset(of: schema.allowed), "\(type)")
      #expect(payload["message_id"]?.wholeNumber == index + 1)
      switch type {
      case "metric_msg":
        #expect(
          names(payload["metric"]) == ["metricName", "metricValue", "step", "epoch"])
        let value = payload["metric"]?["metricValue"]
        #expect(value?.number != nil || value?.text != nil)
      case "parameter_msg":
        #expect(names(payload["param"]) == ["paramName", "paramValue", "step", "source"])
      case "file_upload":
        let path = try #require(payload["file_path"]?.text)
        #expect(reader.names.contains(path))
        #expect(names(payload["additional_params"]).isSuperset(of: ["context", "step"]))
      case "git_metadata":
        #expect(
          names(payload["git_metadata"]) == ["user", "root", "branch", "parent", "origin"])
      default: break
      }
    }
    #expect(messages.first?["payload"]?["key"]?.text == "Name")
    #expect(
      try reader.bytes(of: "RandomForest/model.safetensors", limit: 5) == [1, 2, 3, 0, 255])
  }

  @Test func `an archive has only what Comet has not taken, and continues its experiment`() throws {
    let (folder, journal) = try Sample.runFolder()
    try journal.recordCreation(CreatedExperiment(key: "fedcba9876543210", link: nil))
    try journal.recordTaken(0)
    for number in [1, 2, 3, 4, 5, 7, 9, 10, 11] { try journal.recordTaken(number) }
    #expect(OfflineArchive.name(for: journal) == "fedcba9876543210.zip")
    let (experiment, messages, reader) = try written(journal, folder)
    #expect(experiment["offline_id"]?.text == "fedcba9876543210")
    #expect(experiment["resume_strategy"]?.text == "get")
    #expect(experiment["tags"] == [])
    #expect(messages.compactMap { $0["type"]?.text } == ["metric_msg", "file_upload"])
    #expect(
      Set(reader.names)
        == ["experiment.json", "messages.json", "RandomForest/model.safetensors"])
  }

  @Test func `an archive becomes a journal again that logs the same`() throws {
    let (folder, journal) = try Sample.runFolder()
    let (_, _, reader) = try written(journal, folder)
    let path = folder.path + "/again.jsonl"
    let (again, skipped) = try OfflineArchive.journal(of: reader, at: path)
    #expect(skipped.isEmpty)
    #expect(again.end == journal.end.map { ExperimentEnd(time: $0.time, hasCrashed: false) })
    let events = try (1...again.eventCount).map { try again.event($0) }
    // No line of an archive has the machine's memory.
    let details = SystemDetails(Sample.host.members.filter { $0.name != "totalRam" })
    var expected = Sample.events
    expected[5] = .metric(
      "loss", "Infinity", context: "validate", step: 3, epoch: 1, timestamp: 1002)
    expected.replaceSubrange(
      2...2, with: [.systemDetails(details), .systemInfo("swift_version", "6.3")])
    #expect(events == [.other("Name", "RandomForest")] + expected)
  }

  @Test func `an archive of Comet's SDK is read, and messages without a REST call are counted`()
    throws
  {
    let folder = TemporaryFolder()
    var writer = try ZipWriter(folder.path + "/a.zip")
    try writer.add(
      "experiment.json",
      .bytes(
        Array(
          #"{"offline_id":"4e","project_name":null,"start_time":1,"stop_time":2,"tags":[],"workspace":null}"#
            .utf8)))
    let lines = [
      #"{"payload":{"key":"offline_experiment","message_id":1,"value":true},"type":"log_other"}"#,
      #"{"payload":{"local_timestamp":3,"message_id":3,"params":{"paramName":"C","paramValue":[1,2],"source":"manual","step":null}},"type":"parameter_msg"}"#,
      #"{"payload":{"name":"x","items":[],"upload_type":"3d-image","thumbnail_path":"t"},"type":"3d-image"}"#,
      #"{"payload":{"additional_params":{"context":null,"extension":"txt","fileName":"notes.txt","overwrite":false,"runId":null,"step":3},"clean":true,"file_path":"tmpb","local_timestamp":4,"metadata":{"k":"v"},"upload_type":"asset"},"type":"file_upload"}"#,
    ]
    try writer.add("messages.json", .bytes(Array(lines.joined(separator: "\n").utf8)))
    try writer.add("tmpb", .bytes(Array("hello".utf8)))
    try writer.close()
    let (journal, skipped) = try OfflineArchive.journal(
      of: ZipReader(folder.path + "/a.zip"), at: folder.path + "/a.jsonl")
    #expect(skipped == ["3d-image": 1])
    #expect(try journal.event(1) == .other("offline_experiment", true))
    #expect(try journal.event(2) == .parameter("C", [1, 2], timestamp: 3))
    #expect(
      try journal.event(3)
        == .asset(
          AssetUpload(
            "notes.txt", type: "asset", fileExtension: "txt", step: 3, overwrite: false,
            metadata: ["k": "v"]), path: "tmpb", timestamp: 4))
  }

  @Test(arguments: ["../out", "/etc/out", "a/../../out", "a//b", "."])
  func `an archive cannot write outside of its folder`(path: String) throws {
    let folder = TemporaryFolder()
    let archive = folder.path + "/a.zip"
    var writer = try ZipWriter(archive)
    try writer.add("experiment.json", .bytes(OfflineExperimentText.bytes))
    let event = ExperimentEvent.asset(AssetUpload("x"), path: path, timestamp: 1)
    try writer.add("messages.json", .bytes(event.line(1).bytes))
    try writer.add(path, .bytes([1]))
    try writer.close()
    folder.makeFolder("inside")
    let reader = try ZipReader(archive)
    let (journal, _) = try OfflineArchive.journal(of: reader, at: folder.path + "/a.jsonl")
    #expect(throws: JournalError.self) {
      try OfflineArchive.unpackAssets(of: reader, for: journal, into: folder.path + "/inside")
    }
    #expect(folder.names(below: "inside").isEmpty)
  }

  @Test func `an archive that is cut off is refused`() throws {
    let (folder, journal) = try Sample.runFolder()
    _ = try written(journal, folder)
    let bytes = try #require(folder.read("comet/" + OfflineArchive.name(for: journal)))
    for count in stride(from: 0, to: bytes.count, by: 97) {
      let path = folder.write(bytes[..<count], to: "cut.zip")
      #expect(throws: JournalError.self) { try ZipReader(path) }
    }
  }
}

private enum OfflineExperimentText {
  static let bytes = Array(
    #"{"project_name":"p","start_time":1,"stop_time":2,"tags":[],"workspace":"w"}"#.utf8)
}
