import { Button } from "@carbon/react";
import { Component, type ReactNode } from "react";
import { EmptyState } from "../parts/empty-state.tsx";

interface Props {
  readonly title: string;
  readonly again: string;
  readonly children: ReactNode;
}

/** Keeps a screen that breaks from taking the frame with it; React asks for a class here. */
export class ScreenBoundary extends Component<Props, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { readonly broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    const { title, again, children } = this.props;
    if (!this.state.broken) return children;
    return (
      <EmptyState title={title}>
        <Button onClick={() => location.reload()}>{again}</Button>
      </EmptyState>
    );
  }
}
