public import Comparison
public import Evaluation
import Support

/// Writes a run's `report.html`, before its document says that the run is whole.
public final class ReportFile: RunRecorder {
  public static let name = "report.html"

  private let folder: RunFolder
  private let threads: Int
  private let experimentLinks: @Sendable (_ runFolder: String) -> [String: String]
  private let state = Mutex(State())

  private struct State {
    var predictions: [TestPredictions] = []
    /// The run as it was written, and the links that its page has.
    var written: (run: FinishedRun, links: [String: String])?
  }

  /// - Parameters:
  ///   - folder: a recorder before this one.
  ///   - experimentLinks: the pages of the models' experiments, as far as they are known.
  public init(
    folder: RunFolder, threads: Int,
    experimentLinks: @escaping @Sendable (_ runFolder: String) -> [String: String]
  ) {
    self.folder = folder
    self.threads = threads
    self.experimentLinks = experimentLinks
  }

  public func record(_ model: EvaluatedModel) throws {
    state.withLock { $0.predictions.append(TestPredictions(model)) }
  }

  /// Writes the report where there is data for one, and else removes that of an earlier end of the run, which
  /// would show other results than `comparison.json`.
  public func finish(_ document: ComparisonDocument) throws {
    guard document.reportData != nil else { return folder.remove(Self.name) }
    try write(
      FinishedRun(
        path: folder.path, document: document, predictions: state.withLock(\.predictions)))
  }

  /// Writes the report again where experiments were made since.
  public func update() throws {
    guard let written = state.withLock(\.written),
      experimentLinks(folder.path) != written.links
    else { return }
    try write(written.run)
  }

  private func write(_ run: FinishedRun) throws {
    let links = experimentLinks(run.path)
    try folder.write(Self.bytes(of: run, links: links, threads: threads), as: Self.name)
    state.withLock { $0.written = (run, links) }
  }

  /// Writes the report of past runs: for one run into its folder, for several a page that compares them into the
  /// current folder.
  ///
  /// - Parameters:
  ///   - folders: those of finished runs.
  ///   - output: the file to write in another place; `nil` for the usual one.
  ///   - experimentLinks: the pages of a run's experiments, as far as they are known.
  /// - Returns: the file's path.
  public static func write(
    ofRuns folders: [String], to output: String?, sortBy: Metric?, threads: Int,
    experimentLinks: (_ runFolder: String) -> [String: String]
  ) throws -> String {
    let runs = try folders.map { try FinishedRun(contentsOf: $0) }
    let run = runs.count == 1 ? runs[0] : nil
    let path = output ?? run.map { "\($0.path)/\(name)" } ?? "runs-report.html"
    let bytes =
      if let run {
        bytes(of: run, sortBy: sortBy, links: experimentLinks(run.path), threads: threads)
      } else {
        bytes(comparing: runs, sortBy: sortBy, links: experimentLinks)
      }
    try Files.write(bytes, to: path)
    return path
  }

  /// - Parameters:
  ///   - sortBy: the metric to rank by; without it, the one that the run was asked for.
  ///   - links: the pages of the models' experiments, by the models' names.
  public static func bytes(
    of run: FinishedRun, sortBy: Metric? = nil, links: [String: String], threads: Int
  ) -> [UInt8] {
    ReportPage(ReportContent(of: run, sortBy: sortBy, links: links, threads: threads))
      .html(threads: threads)
  }

  /// One page that sets several runs side by side.
  ///
  /// - Parameter links: the pages of the models' experiments of a run folder, by the models' names.
  public static func bytes(
    comparing runs: [FinishedRun], sortBy: Metric?, links: (_ runFolder: String) -> [String: String]
  ) -> [UInt8] {
    RunsPage(RunsContent(of: runs, sortBy: sortBy, links: links)).html
  }
}
