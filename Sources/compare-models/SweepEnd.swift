import ArgumentParser
import Comet
import Comparison
import Support

/// What becomes of a sweep's results: they are printed, and logged to Comet where there is a key.
struct SweepEnd {
  private let comet: CometOptions
  private let format: OutputFormat
  let progress: Progress
  private let settings: Settings
  private let connection: CometConnection?

  /// What a table shows of a long ranking.
  private static let shown = 40

  /// Checks the settings, so that a mistake in them shows before the work.
  init(comet: CometOptions, format: OutputFormat, progress: Progress) throws {
    self.comet = comet
    self.format = format
    self.progress = progress
    settings = try Settings()
    connection = try comet.connection(settings)
  }

  /// - Parameter folder: the sweep's folder, with its files.
  func tell(_ results: SweepResults, in folder: String) throws {
    let text = try text(of: results, in: folder)
    try StandardOutput.write(text)
    progress.say("Results are in \(folder)")
    guard let connection else { return }
    let experiment = SweepExperiment(
      results: results, folder: folder, options: comet, settings: settings)
    let table = results.rendered(as: .table, limit: Self.shown)
    let status = try experiment.log(to: connection, output: table, progress)
    if status != 0 { throw ExitCode(status) }
  }

  private func text(of results: SweepResults, in folder: String) throws -> String {
    switch format {
    case .table:
      var text = results.rendered(
        as: .table, limit: Self.shown, bold: StandardOutput.showsColor,
        width: StandardOutput.terminalWidth)
      let more = results.ranking.count - Self.shown
      if more > 0 { text += "and \(more) more in \(folder)/ranking.csv\n" }
      if let finding = results.finding {
        text += "\n" + Paragraph.wrapped(finding, width: StandardOutput.terminalWidth ?? 100) + "\n"
      }
      return text
    case .markdown: return results.rendered(as: .markdown)
    case .csv: return try file("\(folder)/ranking.csv")
    case .json: return try file("\(folder)/results.json")
    }
  }

  private func file(_ path: String) throws -> String {
    String(decoding: try Files.read(path), as: UTF8.self)
  }
}
