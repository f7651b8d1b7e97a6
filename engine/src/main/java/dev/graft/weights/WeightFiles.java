package dev.graft.weights;

import dev.graft.weights.WeightFormatException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Finds out what a path holds, by content, and hands it to the reader of that format. */
final class WeightFiles {

  private WeightFiles() {}

  static Weights open(Path path, ReadOptions options) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(
          path.toString(), null, "no such file; give a weight file or the folder of a base model");
    }
    return Files.isDirectory(path) ? WeightFolder.open(path, options) : openFile(path, options);
  }

  static Weights openFile(Path file, ReadOptions options) throws IOException {
    FileBytes bytes = FileBytes.open(file, options.access());
    try {
      return read(bytes, options, file.getFileName().toString());
    } catch (WeightFormatException e) {
      throw e.in(file);
    }
  }

  /**
   * Reads one file. Its name gives a single array its name, and decides what a file without any
   * known mark is refused as.
   */
  static Weights read(FileBytes file, ReadOptions options, String name) {
    if (Npy.recognises(file)) {
      return NumpyFiles.readArray(file, name);
    }
    if (TorchFiles.recognisesLegacy(file)) {
      return checkpoint(file, options).weights();
    }
    if (ZipArchive.recognises(file)) {
      ZipArchive archive = ZipArchive.open(file, options);
      return !TorchFiles.recognises(archive) && NumpyFiles.recognises(archive)
          ? NumpyFiles.readArchive(archive)
          : checkpoint(file, archive).weights();
    }
    if (Safetensors.recognises(file) || name.endsWith(".safetensors")) {
      return Safetensors.read(file, options);
    }
    throw unknown();
  }

  static Checkpoint checkpoint(FileBytes file, ReadOptions options) {
    if (TorchFiles.recognisesLegacy(file)) {
      return new Checkpoint(TorchFiles.readLegacy(file));
    }
    if (ZipArchive.recognises(file)) {
      return checkpoint(file, ZipArchive.open(file, options));
    }
    throw unknown();
  }

  private static Checkpoint checkpoint(FileBytes file, ZipArchive archive) {
    if (!TorchFiles.recognises(archive)) {
      throw new WeightFormatException(
          Reason.UNKNOWN_FORMAT,
          "a zip file, but neither a PyTorch checkpoint (no data.pkl) nor NumPy arrays only");
    }
    return new Checkpoint(TorchFiles.readZip(file, archive));
  }

  private static WeightFormatException unknown() {
    return new WeightFormatException(
        Reason.UNKNOWN_FORMAT,
        "unknown format; read are safetensors, PyTorch (zip and legacy) and NumPy (npy, npz)");
  }
}
