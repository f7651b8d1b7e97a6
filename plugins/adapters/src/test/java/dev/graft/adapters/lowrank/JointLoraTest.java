package dev.graft.adapters.lowrank;

import dev.graft.adapters.TinyTransformer;
import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;
import dev.graft.testkit.tiny.TinyTransfer;

/** The same promises on rows of a joint projection that is no layer. */
class JointLoraTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new Lora();
  }

  @Override
  protected TinyTransfer transfer() {
    return TinyTransformer.pictures("torchvision");
  }
}
