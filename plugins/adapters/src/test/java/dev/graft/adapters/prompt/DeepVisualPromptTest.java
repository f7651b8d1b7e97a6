package dev.graft.adapters.prompt;

import dev.graft.adapters.TinyTransformer;
import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;
import dev.graft.testkit.tiny.TinyTransfer;

class DeepVisualPromptTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new DeepVisualPrompt();
  }

  @Override
  protected TinyTransfer transfer() {
    return TinyTransformer.pictures();
  }

  /** Its tokens stand in front of whole blocks. */
  @Override
  protected boolean isSharedByRows() {
    return false;
  }
}
