import ArgumentParser
import Comparison
import Support

/// Trains models again, and compares bytes.
struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a run or a saved model again, and compares the files byte by byte.",
    discussion: """
      The model's file says how it was made, and of which table. The status is 1 where a byte differs, and \
      65 for another table.

      EXAMPLES
        compare-models reproduce runs/20261124T205313Z-42
        compare-models reproduce models --data stones.csv
      """)

  @Argument(help: "The folder of a run or of a saved model.", completion: .directory)
  var path: String

  @Option(
    help: "The CSV file that was learned from. (default: where it was)",
    completion: .file(extensions: ["csv"]))
  var data: String?

  @Option(help: "The CSV file with the test rows, where it is another.")
  var testData: String?

  @OptionGroup(title: "Work") var work: WorkOptions

  func run() throws {
    let reproduction = try Reproduction(of: path, data: data, testData: testData)
    let models = try reproduction.run(threads: work.threadCount, work.progress)
    try StandardOutput.write(models.map(\.text).joined())
    if let problem = NotReproduced(models) { throw problem }
  }
}
