import ArgumentParser
import CometStandIn

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The stand-in as a program, for trying things by hand.
@main
struct CometStandInCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "comet-stand-in",
    abstract: "Serves a local stand-in for Comet's REST interface until it is interrupted.",
    discussion: """
      Listens on 127.0.0.1 alone and keeps everything in memory. For example:

        comet-stand-in --port 18090 --fault status=503,path=write/experiment/metric,times=3 \\
          --fault latency=0.1

      Faults are also set while it runs: POST /control/faults with a JSON array such as \
      [{"status":429,"retry-after":"1","times":2},{"reset-after":true,"share":0.3,"seed":1}]. \
      GET /control/state and /control/requests show what it holds; POST /control/reset forgets it.

      A fault is one of status=CODE (with retry-after=, retry-after-custom=, page), \
      latency=SECONDS, reset-before, reset-after, slow-body=BYTES_PER_SECOND, truncated-answer, \
      truncated-zip, page-for-zip, delayed-visibility=SECONDS; and any of path=PATH, \
      method=METHOD, after=N, times=N, share=P, seed=N.
      """)

  @Option(help: "The port to listen on; 0 lets the system choose.")
  var port: UInt16 = 18090

  @Option(help: "The one key that is accepted.")
  var key = StandInServer.defaultKey

  @Option(help: "A workspace that the key's owner belongs to; may be repeated.")
  var workspace: [String] = []

  @Option(help: "Something that goes wrong on purpose; may be repeated.")
  var fault: [String] = []

  @Flag(help: "Answer as a backend from before version 3.5.42: no item/create.")
  var oldBackend = false

  @Flag(help: "Refuse a second asset of the same name unless it overwrites.")
  var immutableAssets = false

  func run() throws {
    var options = StandInOptions()
    options.port = port
    options.apiKey = key
    if !workspace.isEmpty { options.workspaces = workspace }
    options.isOldBackend = oldBackend
    options.hasImmutableAssets = immutableAssets
    do {
      options.faults = try fault.map { text throws(FaultError) in try Fault(parsing: text) }
    } catch {
      throw ValidationError("\(error)")
    }
    let server = try StandInServer(options)
    print(
      """
      Serving on \(server.url). In another terminal:
        export COMET_URL_OVERRIDE=\(server.url)/clientlib/ COMET_API_KEY=\(key)
        export COMET_WORKSPACE=\(options.workspaces[0])
      """)
    // Whoever reads this through a pipe waits for these lines.
    fflush(nil)
    while true { pause() }
  }
}
