/// The version of the programs of this package, which a saved model keeps.
public enum ProgramVersion {
  public static let current = "0.1.0"
}
