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
    return openFile(path, options);
  }

  static Weights openFile(Path file, ReadOptions options) throws IOException {
    FileBytes bytes = FileBytes.open(file, options.access());
    try {
      return read(bytes, options, file.getFileName().toString());
    } catch (WeightFormatException e) {
      throw e.in(file);
    }
  }

  /** Reads one file; its name decides only what a file without any known mark is refused as. */
  static Weights read(FileBytes bytes, ReadOptions options, String name) {
    if (Safetensors.recognises(bytes) || name.endsWith(".safetensors")) {
      return Safetensors.read(bytes, options);
    }
    throw new WeightFormatException(
        Reason.UNKNOWN_FORMAT,
        "unknown format; read are safetensors, PyTorch (zip and legacy) and NumPy (npy, npz)");
  }
}
