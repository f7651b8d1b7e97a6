package dev.graft.text.token;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;

/**
 * The native library of the tokenizers. It comes out of its jar; nothing is fetched, and nobody is
 * told of its use.
 */
final class NativeTokenizers {

  private NativeTokenizers() {}

  /** The library, ready for use. */
  static TokenizersLibrary get() {
    // Without these the library would look for graphics hardware and for a build that suits it
    // elsewhere. Whoever sets them otherwise is respected.
    setUnlessGiven("RUST_FLAVOR", "cpu");
    setUnlessGiven("OPT_OUT_TRACKING", "true");
    setUnlessGiven("ai.djl.offline", "true");
    LibUtils.checkStatus();
    return TokenizersLibrary.LIB;
  }

  private static void setUnlessGiven(String key, String value) {
    if (System.getProperty(key) == null && System.getenv(key) == null) {
      System.setProperty(key, value);
    }
  }
}
