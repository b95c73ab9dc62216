import HTML
import NIOCore
import SavedModels
import Support

/// The pages about a model, rendered as far as possible when the model is loaded.
struct ModelPages: Sendable {
  /// The empty form.
  let emptyForm: ByteBuffer
  let answer: AnswerPage
  let frame: PageFrame

  /// - Parameter name: the model's name in the Open Inference Protocol.
  init(
    _ pipeline: SavedPipeline, _ origin: ServedModel.Origin, _ fields: [FeatureField], name: String
  ) {
    var foot = [
      pipeline.description.algorithm.rawValue, "version \(origin.version)",
    ]
    if let f1 = pipeline.description.validationMetrics["f1"] {
      foot.append("validation F1 \(NumberText.fixed(f1, 4))")
    }
    frame = PageFrame(
      brand: name.prefix(1).uppercased() + name.dropFirst(),
      isOfDiamonds: DiamondTerms.describe(pipeline.columns), foot: foot)
    emptyForm = ByteBuffer(bytes: FormPage(model: (pipeline, fields), frame: frame).html.bytes)
    answer = AnswerPage(pipeline, fields, frame)
  }
}
